import { fileURLToPath } from "node:url";
import { CONTENTS, scanSchema } from "@upreel/core";
import { z } from "zod";
import type { ContentGuess } from "./classify-content.ts";

/** What ffmpeg decodes, and how long it may take. */
interface Decoded {
  readonly ffmpeg: string;
  readonly width: number;
  readonly height: number;
  readonly pictures: number;
  readonly longestMs: number;
}

/** Asks how the fields of pictures that follow each other were taken. */
export interface FieldsLook extends Decoded {
  readonly kind: "fields";
  readonly args: readonly string[];
  readonly niceness?: number;
}

/** Asks whether a film is drawn or filmed, by pictures from all of it. */
export interface ContentLook extends Decoded {
  readonly kind: "content";
  /** The first that gives a picture is taken. */
  readonly ways: readonly (readonly string[])[];
}

/** The pictures to decode and what to tell of them: all that a process that looks at them has to know. */
export type FilmLook = FieldsLook | ContentLook;

/** What was seen. */
const filmLookAnswerSchema = z.discriminatedUnion("kind", [
  /** Of some pictures each, one after the other; null: it cannot be told. */
  z.object({ kind: z.literal("fields"), places: z.array(scanSchema.nullable()) }),
  z.object({ kind: z.literal("content"), content: z.enum(CONTENTS), why: z.string() }),
]);
export type FilmLookAnswer = z.infer<typeof filmLookAnswerSchema>;

/**
 * Looks at pictures of films. `takeLook` does it in this process; others use a process of their own, since it takes processor
 * time. Fields that cannot be decoded give an empty answer. Rejects with the abort reason, or if nothing can be looked at.
 */
export type TakeLook = (look: FilmLook, signal: AbortSignal) => Promise<FilmLookAnswer>;

/** What a process that looks is told, by messages. */
export type LookCommand =
  | { readonly type: "look"; readonly id: number; readonly look: FilmLook }
  /** Nobody wants to know any more. */
  | { readonly type: "cancel"; readonly id: number };

const id = z.int();

/** What it says. */
export const lookEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("seen"), id, answer: filmLookAnswerSchema }),
  z.object({ type: z.literal("failed"), id, message: z.string() }),
]);
export type LookEvent = z.infer<typeof lookEventSchema>;

/** The script of that process. */
export const LOOK_PROCESS = fileURLToPath(new URL("look-at-films.ts", import.meta.url));

/** The guess in an answer. */
export function guessIn(answer: FilmLookAnswer): ContentGuess {
  if (answer.kind !== "content") throw new TypeError(`asked for content, got ${answer.kind}`);
  const { content, why } = answer;
  return { content, why };
}
