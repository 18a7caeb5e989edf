import { createHash } from "node:crypto";
import { UpreelError, frameSeconds, type Output, type Source, type Timeline } from "@upreel/core";
import {
  leanArguments,
  lowerArguments,
  lowerBandwidth,
  lowerQuality,
  type LowerQuality,
} from "@upreel/media";
import type { UpscaledSegments } from "./feed-segments.ts";
import { REPRESENTATIVE_SECONDS, UNSEEN_FACTOR, type SegmentSizes } from "./made-rates.ts";

/** A film whose lower qualities are asked for. */
export interface FilmStream {
  readonly id: string;
  readonly source: Source;
  readonly timeline: Timeline;
  readonly output: Output;
  /** What is made of it: the same at fewer bits is made from these. */
  readonly upscaled?: UpscaledSegments;
}

/** A film for a thinner line, as a master playlist tells it. */
export interface OfferedLower {
  /** In its address: its lines, as `480p`; `1080p-lean` is the upscaled film at fewer bits. */
  readonly name: string;
  readonly of: LowerQuality["of"];
  readonly width: number;
  readonly height: number;
  /** Bits a second of its fullest segment: measured once enough of it was made, before that what none exceeds. */
  readonly bandwidth: number;
  /** Of what was made; before that what its pictures and its sound are bound to over time. */
  readonly averageBandwidth: number;
  readonly codec: string;
  /**
   * Whether its segments have to wait for those of the upscaled film, from which they are made. A player cannot go down to such a
   * quality: hls.js, held up by the upscaled film, would stand still here, too, although another quality never waits.
   */
  readonly isWaitedFor: boolean;
}

/**
 * For phones away from home. Of a film that is hardly larger half of its lines: in the middle of a segment hls.js goes down to any
 * quality but the least one (1.7, `_abandonRulesCheck`).
 */
const PHONE_LINES = 480;
/** A smaller size is offered if it is at most this part of the next larger one: otherwise it hardly helps a slow connection. */
const SMALLER = 0.8;
/** The same size is offered at fewer bits if they are at most this part of those of the upscaled film. */
const FEWER_BITS = 0.75;

/** Throws `not_found` where the film is not offered by this name. */
export function qualityNamed(stream: FilmStream, name: string): LowerQuality {
  const offered = qualitiesOf(stream);
  const found = offered.find((each) => nameOf(each) === name);
  if (found !== undefined) return found;
  throw new UpreelError("not_found", `the film is not offered as ${name.slice(0, 20)}`, {
    expected: offered.map(nameOf).join(", ") || "no lower quality",
  });
}

/** As it stands in its address. */
export const nameOf = ({ size, of }: LowerQuality): string =>
  `${Math.min(size.width, size.height)}p${of === "upscaled" ? "-lean" : ""}`;

/** The upscaled film at fewer bits; the source's own size, and that of a phone, as far as each is smaller than the one before. */
export function qualitiesOf({ timeline, output }: FilmStream): LowerQuality[] {
  const lean = lowerQuality(output, timeline, "upscaled");
  const own = { width: output.inputWidth, height: output.inputHeight };
  const lines = Math.min(own.width, own.height);
  const even = (pixels: number): number => 2 * Math.round(pixels / 2);
  const sized = (wanted: number) => ({
    width: even((own.width * wanted) / lines),
    height: even((own.height * wanted) / lines),
  });
  const isSmaller = (wanted: number, above: number): boolean => wanted <= SMALLER * above;
  const upscaledLines = Math.min(output.width, output.height);
  const hasOwn = isSmaller(lines, upscaledLines);
  const isForPhones = isSmaller(PHONE_LINES, hasOwn ? lines : upscaledLines);
  const smaller = [
    ...(hasOwn ? [lines] : []),
    ...(isForPhones ? [PHONE_LINES] : hasOwn && lines >= 4 ? [lines / 2] : []),
  ].map((wanted) => lowerQuality(sized(wanted), timeline));
  return [lean, ...smaller];
}

/** Whether a quality is worth a place below the upscaled film, which needs that much of a line. */
export const isWorthIt = (
  { of }: LowerQuality,
  lower: Pick<OfferedLower, "bandwidth">,
  upscaled: Pick<OfferedLower, "bandwidth">,
): boolean => of === "source" || lower.bandwidth <= FEWER_BITS * upscaled.bandwidth;

type Rates = Pick<OfferedLower, "bandwidth" | "averageBandwidth">;

/** What no segment exceeds, and what all of them together do not. */
export const boundsOf = ({ timeline, output }: FilmStream, quality: LowerQuality): Rates => ({
  bandwidth: lowerBandwidth(quality, output, frameSeconds(timeline, timeline.framesPerSegment)),
  averageBandwidth: lowerBandwidth(quality, output, Number.POSITIVE_INFINITY),
});

/** By what was made, where that stands for the film; never above what the encoder is bound to. */
export function measuredWithin(
  bounds: Rates,
  made: ReturnType<SegmentSizes["ratesOf"]>,
  segments: number,
): Rates {
  const isWhole = made !== undefined && made.segments >= segments;
  if (made === undefined || (!isWhole && made.seconds < REPRESENTATIVE_SECONDS)) return bounds;
  const peak = isWhole ? made.peak : made.peak * UNSEEN_FACTOR;
  return {
    bandwidth: Math.min(bounds.bandwidth, Math.ceil(peak)),
    averageBandwidth: Math.min(bounds.averageBandwidth, Math.ceil(made.average)),
  };
}

/**
 * Names how its segments are made: once all of a film is read, it may be planned in another way, and what was made by then
 * is no part of that. By its first segment, which is the same however long a film gets that is being written, and by
 * where another recording or other colours begin.
 */
export function wayOf({ source, timeline, output }: FilmStream, quality: LowerQuality): string {
  const first = { fromSegment: 0, toSegment: 1, folder: "", marginSeconds: 0 };
  const segments = { timeline, output, quality, ...first };
  const args =
    quality.of === "source" ? lowerArguments({ source, ...segments }) : leanArguments(segments);
  const { pieces = [], colours = [] } = timeline;
  const way = JSON.stringify([args, pieces, colours]);
  return createHash("sha256").update(way).digest("hex").slice(0, 16);
}
