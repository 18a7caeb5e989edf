import { readFilmWish, WISH_NAMES, type FilmWish } from "@upreel/core";
import { fits, SCOPES, type PlaySituation, type RuleScope } from "./play-rules.ts";

/** How films are made for those whom a rule fits, where that is not as the settings say. */
export interface WishRule extends RuleScope {
  readonly wish: FilmWish;
}

/** What the first rule that fits wishes; nothing without one. */
export const chooseWish = (rules: readonly WishRule[], situation: PlaySituation): FilmWish =>
  rules.find((rule) => fits(rule, situation))?.wish ?? {};

/**
 * Reads `user=kids: model=fast, target_height=720; quality=22`; wishes alone are for everybody else.
 * `undefined` when an entry is none.
 */
export function parseWishRules(text: string): readonly WishRule[] | undefined {
  const entries = text
    .split(";")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  const rules = entries.map(parseRule);
  return rules.every((rule) => rule !== undefined) ? rules : undefined;
}

const RULE = new RegExp(String.raw`^(?:(${SCOPES.join("|")})=(.+):)?([^:]+)$`);

function parseRule(entry: string): WishRule | undefined {
  const [, what, name, given] = RULE.exec(entry) ?? [];
  if (given === undefined) return undefined;
  const wish = parseWish(given);
  if (wish === undefined) return undefined;
  return what === undefined || name === undefined ? { wish } : { [what]: name.trim(), wish };
}

function parseWish(text: string): FilmWish | undefined {
  const pairs = text.split(",").map((pair) => pair.split("=").map((part) => part.trim()));
  const names: readonly string[] = WISH_NAMES;
  const isRead = pairs.every(
    ([name = "", value = "", ...more]) => names.includes(name) && value !== "" && more.length === 0,
  );
  if (!isRead) return undefined;
  try {
    return readFilmWish(Object.fromEntries(pairs));
  } catch {
    return undefined;
  }
}
