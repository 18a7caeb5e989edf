import type { Scan } from "@upreel/core";
import { execa } from "execa";
import { classifyContent } from "./classify-content.ts";
import { combFigures, type CombFigures } from "./fields/comb-figures.ts";
import { judgePlace, PICTURES_OF_PLACE } from "./fields/judge-fields.ts";
import type { FieldsLook, TakeLook } from "./film-look.ts";
import { lowerPriority } from "../ffmpeg/lower-priority.ts";
import { mediaCommand } from "../ffmpeg/media-command.ts";
import { readSamples } from "./read-samples.ts";

/** Looks in this process; other work of it has its turn between pictures, which take some milliseconds each. */
export const takeLook: TakeLook = async (look, signal) => {
  if (look.kind === "fields") return { kind: "fields", places: await lookAtFields(look, signal) };
  return { kind: "content", ...(await classifyContent(await readSamples(look, signal))) };
};

async function lookAtFields(look: FieldsLook, signal: AbortSignal): Promise<(Scan | null)[]> {
  const { width, height, pictures, niceness } = look;
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(look.longestMs)]);
  const running = execa(...mediaCommand(look.ffmpeg, look.args), {
    ...({ encoding: "buffer", stdin: "ignore", reject: false } as const),
    ...{ cancelSignal: bounded, killSignal: "SIGKILL", maxBuffer: pictures * width * height },
  });
  lowerPriority(running.pid, niceness);
  const result = await running;
  signal.throwIfAborted();
  const bytes = result.stdout ?? new Uint8Array(0);
  const size = PICTURES_OF_PLACE * width * height;
  const places: (Scan | null)[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const figures: CombFigures[] = [];
    for (const each of combFigures({ bytes: bytes.subarray(at, at + size), width, height })) {
      figures.push(each);
      await new Promise(setImmediate);
    }
    places.push(judgePlace(figures) ?? null);
  }
  return places;
}
