import { UpreelError, type PlannedRecord, type StreamFolder } from "@upreel/core";
import { measureVariant } from "@upreel/engine";
import type { GatewayDeps } from "../deps.ts";

/** What a viewer wishes for: the best one, the same at fewer bits, or at most so many lines. */
export type QualityWish = "best" | "lean" | number;

/** One quality that a film is offered in. */
export interface FilmQuality {
  readonly quality: QualityWish;
  readonly lines: number;
  readonly width: number;
  readonly height: number;
  readonly bandwidth: number;
  readonly averageBandwidth: number;
  /** RFC 6381 name of the pictures; undefined where the segments do not tell. */
  readonly codec: string | undefined;
  /** Beside the master playlist. */
  readonly path: string;
  /** Its segments come no sooner than those of the upscaled film: nobody is to go down to it who does not ask for it. */
  readonly isWaitedFor: boolean;
}

/** The upscaled film, and below it what it is offered in besides; undefined as long as nothing of it is upscaled. */
export async function filmQualities(
  { renditions }: Pick<GatewayDeps, "renditions">,
  record: PlannedRecord,
  folder: StreamFolder,
): Promise<readonly [FilmQuality, ...FilmQuality[]] | undefined> {
  const { timeline, output } = record;
  const measured = await measureVariant(folder, timeline, output);
  if (measured === undefined) return undefined;
  const { width, height } = output;
  const best = { ...measured, width, height, path: "stream.m3u8", isWaitedFor: false };
  const lower = renditions.lower.offer({ ...record, upscaled: folder }, measured);
  const linesOf = (size: { readonly width: number; readonly height: number }): number =>
    Math.min(size.width, size.height);
  return [
    { ...best, quality: "best", lines: linesOf(best) },
    ...lower.map(({ name, of, ...each }) => ({
      ...each,
      ...{ path: `lower/${name}/playlist.m3u8`, lines: linesOf(each) },
      quality: of === "upscaled" ? ("lean" as const) : linesOf(each),
    })),
  ];
}

/** The one that is wished for, or what comes closest to it and is no larger; else the smallest. `offered`: the best one first. */
export function closestQuality<Q extends Pick<FilmQuality, "quality" | "lines">>(
  offered: readonly [Q, ...Q[]],
  wish: QualityWish,
): Q {
  const isWished = ({ quality, lines }: Q): boolean =>
    typeof wish === "number" ? lines <= wish : quality === wish;
  const otherwise = typeof wish === "number" ? offered.at(-1) : undefined;
  return offered.find(isWished) ?? otherwise ?? offered[0];
}

/** `quality=480` of a query. Throws `bad_request`. */
export function parseQuality(query: unknown): QualityWish | undefined {
  if (query === undefined || query === "best" || query === "lean") return query;
  if (typeof query === "string" && /^[1-9]\d{0,4}$/.test(query)) return Number(query);
  throw new UpreelError("bad_request", "the quality is not understood", {
    expected: "quality=best, quality=lean, or lines, as quality=480",
    got: JSON.stringify(query).slice(0, 100),
  });
}
