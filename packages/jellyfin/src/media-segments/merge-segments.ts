import { createHash } from "node:crypto";
import { isSameStretch } from "@upreel/core";
import { z } from "zod";
import { TICKS_PER_SECOND } from "../ticks.ts";

const segmentSchema = z.looseObject({
  Type: z.string(),
  StartTicks: z.number(),
  EndTicks: z.number(),
});

/** Answer of `GET /MediaSegments/{id}`; nothing in it is changed by reading it. */
export const mediaSegmentsSchema = z.looseObject({
  Items: z.array(segmentSchema),
  TotalRecordCount: z.number(),
});
export type MediaSegments = z.infer<typeof mediaSegmentsSchema>;

/** A part of a film that Upreel knows of. */
export interface KnownSegment {
  readonly role: "intro" | "credits";
  readonly startSeconds: number;
  readonly endSeconds: number;
}

const TYPE_OF = { intro: "Intro", credits: "Outro" } as const;

/** Jellyfin's own segments and after them ours, without those that Jellyfin has, or that were not asked for. */
export function mergeSegments(
  answer: MediaSegments,
  itemId: string,
  known: readonly KnownSegment[],
  wantedTypes: readonly string[],
): MediaSegments {
  const ours = known
    .map((segment) => segmentOf(itemId, segment))
    .filter(({ Type }) => wantedTypes.length === 0 || isAmong(wantedTypes, Type))
    .filter((segment) => !answer.Items.some((own) => isSameSegment(own, segment)));
  return {
    ...answer,
    Items: [...answer.Items, ...ours.map((segment) => ({ ...segment }))],
    TotalRecordCount: answer.TotalRecordCount + ours.length,
  };
}

/** A segment of ours, as Jellyfin's MediaSegmentDto; ticks are 100 ns. */
export interface OwnSegment {
  readonly Id: string;
  readonly ItemId: string;
  readonly Type: "Intro" | "Outro";
  readonly StartTicks: number;
  readonly EndTicks: number;
}

export const segmentOf = (
  itemId: string,
  { role, startSeconds, endSeconds }: KnownSegment,
): OwnSegment => ({
  ...{ Id: segmentId(itemId, role, startSeconds), ItemId: itemId, Type: TYPE_OF[role] },
  StartTicks: Math.round(startSeconds * TICKS_PER_SECOND),
  EndTicks: Math.round(endSeconds * TICKS_PER_SECOND),
});

/** The types in a query, as clients write them: one parameter for each, or one with commas. */
export function wantedSegmentTypes(query: URLSearchParams): readonly string[] {
  return [...query]
    .filter(([name]) => name.toLowerCase() === "includesegmenttypes")
    .flatMap(([, value]) => value.split(","))
    .filter((type) => type !== "");
}

/** Clients send names, or the numbers of Jellyfin's enumeration. */
const NUMBER_OF: Readonly<Record<string, string>> = { Outro: "4", Intro: "5" };

const isAmong = (wanted: readonly string[], type: string): boolean =>
  wanted.some((each) => each.toLowerCase() === type.toLowerCase() || each === NUMBER_OF[type]);

type Segment = z.infer<typeof segmentSchema>;

type Stretch = Pick<Segment, "Type" | "StartTicks" | "EndTicks">;

export const isSameSegment = (a: Stretch, b: Stretch): boolean =>
  a.Type === b.Type && isSameStretch([a.StartTicks, a.EndTicks], [b.StartTicks, b.EndTicks]);

/** The same each time: clients remember what was skipped. */
const segmentId = (itemId: string, role: string, startSeconds: number): string =>
  createHash("sha256")
    .update(`upreel ${itemId} ${role} ${startSeconds}`)
    .digest("hex")
    .slice(0, 32);
