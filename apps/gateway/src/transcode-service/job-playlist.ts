import { segmentSeconds } from "@upreel/core";
import type { JobFilm } from "./film-of-job.ts";

export const PLAYLIST_NAME = "output.m3u8";

/** As the older contract has it: counted from the place where the job begins. */
const nameOf = (n: number): string => `segment_${String(n).padStart(4, "0")}.ts`;

/** What a job has to be fetched by now, in order. */
export const fileNames = ({ from, next }: Pick<JobFilm, "from" | "next">): readonly string[] =>
  next === from ? [] : [PLAYLIST_NAME, ...Array.from({ length: next - from }, (_, n) => nameOf(n))];

/** The stream's segment behind a name; undefined: there is none, or not yet. */
export function segmentNamed(
  { from, next }: Pick<JobFilm, "from" | "next">,
  name: string,
): number | undefined {
  const [, digits] = /^segment_(\d{4,6})\.ts$/.exec(name) ?? [];
  if (digits === undefined || nameOf(Number(digits)) !== name) return undefined;
  const segment = from + Number(digits);
  return segment < next ? segment : undefined;
}

/** What is made by now; it gets longer, and has its end when the job is whole. */
export function jobPlaylist({ timeline, from, next, isWhole }: JobFilm): string {
  const lengths = Array.from({ length: next - from }, (_, n) => segmentSeconds(timeline, from + n));
  const longest = segmentSeconds(timeline, 0);
  return [
    "#EXTM3U",
    "#EXT-X-VERSION:6",
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.ceil(longest - 1e-9))}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:EVENT",
    "#EXT-X-INDEPENDENT-SEGMENTS",
    ...lengths.flatMap((seconds, n) => [`#EXTINF:${seconds.toFixed(6)},`, nameOf(n)]),
    ...(isWhole ? ["#EXT-X-ENDLIST"] : []),
    "",
  ].join("\n");
}
