import type { FilmFacts } from "@upreel/core";
import type { Strings } from "../languages/en.ts";

/** What was found out about a film, in a line: `telecined · drawn · bars 44, 44, 0, 0`. */
export function filmFactsText(facts: FilmFacts, names: Strings["plugins"]["facts"]): string {
  const { scan, content, bars, noise, compression, cuts_per_minute: cuts, loudness } = facts;
  const parts = [
    scan && names.scans[scan.kind],
    content && names.contents[content.kind],
    bars && barsText(bars, names),
    noise !== null && names.noise(noise),
    compression && names.compressed[compression.is],
    cuts !== null && names.cuts(cuts.toFixed(0)),
    loudness && loudnessText(loudness.lufs),
  ];
  return parts.filter((part) => typeof part === "string").join(" · ");
}

function barsText(
  { top, bottom, left, right }: NonNullable<FilmFacts["bars"]>,
  names: Strings["plugins"]["facts"],
): string | false {
  const sides = [top, bottom, left, right];
  return sides.some((lines) => lines > 0) && names.bars(sides.join(", "));
}

/** In a text from right to left the sign would change places. */
const loudnessText = (lufs: number): string =>
  `\u2066${lufs.toFixed(0).replace("-", "−")}\u00a0LUFS\u2069`;
