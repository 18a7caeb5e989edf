import type { Scan } from "@upreel/core";
import type { CombFigures } from "./comb-figures.ts";

/** What one picture is: of one moment, or woven of two of which the upper or the lower field is the earlier one. */
type Weave = "clean" | "tff" | "bff";

/** In fewer pixels nothing moves, or too little to tell by. */
const LEAST_MOVING = 0.003;
/**
 * Combed pixels of a picture, as parts of those of the closer and of the farther fields of its neighbours.
 * Of film there are next to none in a whole picture, but fine lines that move make some, and make the
 * neighbours' fields differ. In a woven one there are as many as of the closer ones, which are as far apart.
 */
const CLEAN = { ofLeast: 0.22, orOfLeast: 0.45, andOfMost: 0.2, apart: 0.4 };
const WOVEN = { ofLeast: 0.7, orOfLeast: 0.42, andOfMost: 0.28 };
/**
 * Fields three moments apart are combed by so much more than those that follow each other. Noise is not,
 * but for chance: some times the root of what is counted.
 */
const ORDER_SHARE = 0.06;
const CHANCE = 4;

function weaveOf({ own, topLater, bottomLater, pixels }: CombFigures): Weave | undefined {
  // Both are sums of two.
  const least = Math.min(topLater, bottomLater) / 2;
  const most = Math.max(topLater, bottomLater) / 2;
  if (Math.max(most, own) < LEAST_MOVING * pixels) return undefined;
  const both = topLater + bottomLater;
  const apart = Math.abs(topLater - bottomLater);
  const isClean =
    own <= CLEAN.ofLeast * least ||
    (own <= CLEAN.orOfLeast * least &&
      own <= CLEAN.andOfMost * most &&
      apart <= CLEAN.apart * both);
  if (isClean) return "clean";
  const isWoven =
    own >= WOVEN.ofLeast * least ||
    (own >= WOVEN.orOfLeast * least && own >= WOVEN.andOfMost * most);
  const isOrdered = apart >= Math.max(ORDER_SHARE * both, CHANCE * Math.sqrt(both));
  if (!isWoven || !isOrdered) return undefined;
  return topLater < bottomLater ? "tff" : "bff";
}

/** Three cycles of telecine but for a picture, between two that are only compared with. */
export const PICTURES_OF_PLACE = 16;
/** Fewer pictures say nothing of a place. */
const LEAST_DECIDED = 5;
/** Of the pictures that were decided. */
const INTERLACED_SHARE = 0.6;
/** Woven pictures by mistake: of the decided ones, and of the other order. */
const STRAY_SHARE = 0.12;

/** What some pictures that follow each other are; undefined: it cannot be told. */
export function judgePlace(figures: readonly CombFigures[]): Scan | undefined {
  const weaves = figures.map(weaveOf);
  const count = (weave: Weave): number => weaves.filter((each) => each === weave).length;
  const [clean, tff, bff] = [count("clean"), count("tff"), count("bff")];
  const order = tff >= bff ? "tff" : "bff";
  const [woven, stray] = [Math.max(tff, bff), Math.min(tff, bff)];
  const decided = clean + tff + bff;
  if (decided < LEAST_DECIDED) return undefined;
  if (woven + stray <= STRAY_SHARE * decided) return { kind: "progressive" };
  if (stray > STRAY_SHARE * woven) return undefined;
  if (isTelecine(weaves, order)) return { kind: "telecine", order };
  return { kind: woven >= INTERLACED_SHARE * decided ? "interlaced" : "mixed", order };
}

const CYCLE = 5;
/** Woven pictures of two whole cycles. */
const LEAST_HITS = 4;

/** Of five pictures two that follow each other are woven, the same two in each cycle. */
function isTelecine(weaves: readonly (Weave | undefined)[], order: Weave): boolean {
  const phases = Array.from({ length: CYCLE }, (_, phase) => {
    const isDue = (_each: unknown, i: number): boolean => (i - phase + CYCLE) % CYCLE < 2;
    const due = weaves.filter(isDue);
    const others = weaves.filter((each, i) => !isDue(each, i));
    const hits = due.filter((each) => each === order).length;
    return {
      hits,
      cleanDue: due.filter((each) => each === "clean").length,
      cleanOthers: others.filter((each) => each === "clean").length,
      wovenOthers: others.filter((each) => each === order).length,
    };
  });
  return phases.some(
    ({ hits, cleanDue, cleanOthers, wovenOthers }) =>
      hits >= LEAST_HITS &&
      wovenOthers <= STRAY_SHARE * hits &&
      cleanDue <= hits / 4 &&
      cleanOthers >= hits,
  );
}

/** What a film is, by what its places are; undefined: it cannot be told. */
export function judgeFilm(places: readonly (Scan | undefined)[]): Scan | undefined {
  const known = places.filter((place) => place !== undefined);
  const woven = known.filter(({ kind }) => kind !== "progressive");
  if (known.length === 0) return undefined;
  if (woven.length === 0) return { kind: "progressive" };
  const tff = woven.filter(({ order }) => order === "tff").length;
  const order = 2 * tff >= woven.length ? "tff" : "bff";
  // Where both orders are seen, each picture has to tell its own.
  const isOrdered = Math.min(tff, woven.length - tff) <= STRAY_SHARE * woven.length;
  const all = (kind: Scan["kind"]): boolean =>
    known.filter((place) => place.kind === kind).length >= (1 - STRAY_SHARE) * known.length;
  const kind = all("telecine") ? "telecine" : all("interlaced") ? "interlaced" : "mixed";
  if (!isOrdered) return { kind: "mixed" };
  return { kind, order };
}
