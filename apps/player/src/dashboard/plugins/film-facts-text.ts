import type { FilmFacts } from "@upreel/core";
import { factLine } from "../../format.ts";
import type { Strings } from "../../languages/en.ts";

/** What was found out about a film, in a line: `film in video · drawn · bars 44 above, 44 below`. */
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
  return factLine(parts.filter((part) => typeof part === "string"));
}

const SIDES = ["top", "bottom", "left", "right"] as const;

function barsText(
  bars: NonNullable<FilmFacts["bars"]>,
  { bars: textOf, sides }: Strings["plugins"]["facts"],
): string | false {
  const found = SIDES.filter((side) => bars[side] > 0);
  return found.length > 0 && textOf(found.map((side) => `${bars[side]} ${sides[side]}`).join(", "));
}

/** In a text from right to left the sign would change places. */
const loudnessText = (lufs: number): string =>
  `\u2066${lufs.toFixed(0).replace("-", "−")}\u00a0LUFS\u2069`;
