import { PLAIN_SCALER, restoresFaces, withoutFacesId } from "@upreel/core";

/** What the shapes of the built-in networks are for people: the name, and what it is good for. */
const SHAPES = {
  "16x0": ["Fastest", "for live viewing on weak computers"],
  "16x1": ["Fast", "for live viewing on weak computers"],
  "16x2": ["Balanced", "for live viewing on most computers"],
  "16x4": ["Best", "for fast computers, or overnight"],
} as const;

/** Networks that are no part of the ladder: for pictures without traces of compression. */
const CLEAN = {
  "upreel-x2-full16": ["Clean, fast", "for pictures without compression"],
  "upreel-x2-clean32x2": ["Clean, balanced", "for pictures without compression"],
  "upreel-x2-clean32x6": ["Clean, best", "for pictures without compression; overnight"],
} as const;

const LADDER = /^upreel-x([\d.]+)-(live|sharp|worn)(16x[0124])(?:-\d+)?$/;

const STYLES = {
  live: "stays closest to the original",
  sharp: "sharper edges",
  worn: "removes the blocks of old codecs (DVD, DivX)",
} as const;

/** Without the number format: which one is faster here is Upreel's own business. */
const withoutFormat = (id: string): string => id.replace(/-(int8|fp32)$/, "");

interface ModelWords {
  readonly name: string;
  /** In what it is good; null for a model that is not built in. */
  readonly goodAt: string | null;
}

/** A model as people call it, without its number format. */
export function wordsOfModel(id: string): ModelWords {
  if (restoresFaces(id)) return wordsWithFaces(id);
  const plain = withoutFormat(id);
  if (plain === PLAIN_SCALER.id)
    return { name: "Enlarged only", goodAt: "plain scaling without a model, the last resort" };
  const clean = CLEAN[plain as keyof typeof CLEAN] as
    | (typeof CLEAN)[keyof typeof CLEAN]
    | undefined;
  if (clean !== undefined) return { name: clean[0], goodAt: clean[1] };
  const [, scale, family, shape] = LADDER.exec(plain) ?? [];
  if (shape === undefined) return { name: id, goodAt: null };
  const [name, use] = SHAPES[shape as keyof typeof SHAPES];
  const style = STYLES[family as keyof typeof STYLES];
  const own = family === "worn" ? `${name}, old codecs` : name;
  // Most are for twice the size: only others say so.
  return { name: scale === "2" ? own : `${own} (×${scale})`, goodAt: `${use}; ${style}` };
}

export const nameOfModel = (id: string): string => wordsOfModel(id).name;

/** The same of one that restores faces, too. */
function wordsWithFaces(id: string): ModelWords {
  const { name, goodAt } = wordsOfModel(withoutFacesId(id));
  return { name: `${name}, faces restored`, goodAt };
}
