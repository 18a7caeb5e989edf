import { parseRational, toNumber, type Hdr } from "@upreel/core";
import type { FfprobeSideData, FfprobeStream } from "../ffmpeg/ffprobe-json.ts";

/** What ffmpeg's `tonemap` takes where nothing is said: a display of 1000 cd/m². */
const USUAL_PEAK_NITS = 1000;
/** White of SDR, and the end of PQ: a film that claims less or more is believed so far. */
const PEAK_RANGE = [100, 10_000] as const;

type HdrFields = Pick<FfprobeStream, "color_transfer" | "color_space" | "side_data_list">;

/**
 * What kind of HDR the pictures are; undefined for SDR. What the pictures themselves say of their
 * transfer goes before a box of Dolby Vision: many an SDR copy has kept that of its source.
 */
export function describeHdr(stream: HdrFields, bitDepth: number): Hdr | undefined {
  const sideData = stream.side_data_list ?? [];
  const dolby = sideData.find(({ dv_profile }) => dv_profile !== undefined);
  const base = baseOf(stream, dolby, bitDepth);
  if (base === undefined) return undefined;
  const peakNits = peakOf(sideData) ?? USUAL_PEAK_NITS;
  return { name: nameOf(base, dolby), base, peakNits };
}

/** The brightest light that a list of side data tells of. */
export function peakOf(sideData: readonly FfprobeSideData[]): number | undefined {
  const brightest = sideData.find(({ max_content }) => (max_content ?? 0) > 0)?.max_content;
  const display = sideData
    .map(({ max_luminance }) => parseRational(max_luminance))
    .find((nits) => nits !== undefined && nits.num > 0);
  const nits = brightest ?? (display === undefined ? undefined : toNumber(display));
  if (nits === undefined) return undefined;
  return Math.round(Math.min(Math.max(nits, PEAK_RANGE[0]), PEAK_RANGE[1]));
}

function baseOf(
  { color_transfer: transfer, color_space: matrix }: HdrFields,
  dolby: FfprobeSideData | undefined,
  bitDepth: number,
): Hdr["base"] | undefined {
  const isHdr = transfer === "smpte2084" || transfer === "arib-std-b67";
  if (!isHdr && transfer !== undefined && transfer !== "unknown" && transfer !== "reserved")
    return undefined;
  // Dolby's own colours, or a matrix that ffmpeg's scaler does not know.
  if (isDolbyAlone(dolby, bitDepth) || (isHdr && matrix === "ictcp")) return "none";
  if (isHdr) return transfer === "smpte2084" ? "pq" : "hlg";
  switch (dolby?.dv_bl_signal_compatibility_id) {
    case 1:
    case 6:
      return "pq";
    case 4:
      return "hlg";
    default:
      return undefined;
  }
}

/** Profiles 5 and 10.0 have no base layer that anything else could show; they are of 10 bits always. */
const isDolbyAlone = (dolby: FfprobeSideData | undefined, bitDepth: number): boolean =>
  bitDepth >= 10 &&
  (dolby?.dv_profile === 5 ||
    (dolby?.dv_profile === 10 && dolby.dv_bl_signal_compatibility_id === 0));

function nameOf(base: Hdr["base"], dolby: FfprobeSideData | undefined): string {
  const plain = { pq: "HDR10", hlg: "HLG", none: "HDR in ICtCp" }[base];
  if (dolby?.dv_profile === undefined) return plain;
  const id = dolby.dv_bl_signal_compatibility_id ?? 0;
  const profile = id === 0 || id === 6 ? `${dolby.dv_profile}` : `${dolby.dv_profile}.${id}`;
  return base === "none" ? `Dolby Vision ${profile}` : `Dolby Vision ${profile} (${plain})`;
}
