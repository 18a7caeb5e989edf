import type { Scan } from "@upreel/core";
import type { CombFigures } from "./comb-figures.ts";

/** One picture shows one moment (`clean`), or is woven of two, with the upper (`tff`) or the lower field (`bff`) as the earlier one. */
type Weave = "clean" | "tff" | "bff";

/** A picture in which a smaller share of the pixels is combed shows too little motion to tell anything. */
const LEAST_MOVING = 0.003;
/**
 * The combed pixels of a picture, as a share of those that it has with the closer and with the farther fields of its
 * neighbours. A whole picture of a film has next to none, but fine lines that move comb some, and make the neighbours'
 * fields differ. A woven picture has as many as with the closer fields, which are as far apart in time as its own.
 */
const CLEAN = { ofLeast: 0.22, orOfLeast: 0.45, andOfMost: 0.2, apart: 0.4 };
const WOVEN = { ofLeast: 0.7, orOfLeast: 0.42, andOfMost: 0.28 };
/**
 * Fields that are three moments apart are combed by so much more than fields that follow each other. With noise both are
 * alike but for chance, which makes a difference of a few times the square root of what is counted.
 */
const ORDER_SHARE = 0.06;
const CHANCE = 4;

function weaveOf({ own, topLater, bottomLater, pixels }: CombFigures): Weave | undefined {
  // Both figures are sums over two pictures.
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

/** Three cycles of telecine less one picture, and one more at either end, which is only compared with. */
export const PICTURES_OF_PLACE = 16;
/** With fewer decided pictures nothing can be said of a place. */
const LEAST_DECIDED = 5;
/** The share of the decided pictures that has to be woven. */
const INTERLACED_SHARE = 0.6;
/** The share of the decided pictures that may look woven by mistake, or woven in the other order. */
const STRAY_SHARE = 0.12;

/** How pictures that follow each other were taken; undefined: they do not tell. */
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

/** How a film was taken, by what its places say; undefined: they do not tell. */
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
