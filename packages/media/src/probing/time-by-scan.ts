import { toNumber, type FilmTiming, type Scan } from "@upreel/core";
import { timeFilm, type TimingRequest } from "./time-film.ts";

/** Frames a second of telecined video, which is NTSC: 29.97, or thereabouts where a file says it badly. */
const VIDEO_RATES = [29, 31] as const;

/** The timing of a film; where it is telecined, at the rate that it has once that is undone. */
export function timeByScan(
  request: Omit<TimingRequest, "isTelecine">,
  scan: Scan | undefined,
): { readonly timing: FilmTiming | undefined; readonly scan: Scan | undefined } {
  const timing = timeFilm({ ...request, isTelecine: false });
  if (scan?.kind !== "telecine" || timing === undefined) return { timing, scan };
  const rate = toNumber(timing.rate);
  // What looks like it at another rate keeps all of its pictures.
  if (rate < VIDEO_RATES[0] || rate > VIDEO_RATES[1]) {
    return { timing, scan: { ...scan, kind: "mixed" } };
  }
  return { timing: timeFilm({ ...request, isTelecine: true }), scan };
}
