import type { Told } from "@upreel/core";
import { modelName } from "./stream/model-on.ts";
import { strings } from "./strings.ts";

/** A text with its values in their places, as the language of the page writes them. */
export const filledIn = (text: string, values: Told["values"]): string =>
  text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    if (value === undefined) return place;
    if (typeof value === "number") return String(value).replace(".", strings.units.point);
    return name === "model" ? modelName(value) : value;
  });

/** Sentences of the gateway in the language of the page; in `english` where that lacks one of them. */
export function toldText(sentences: readonly Told[], english: string): string {
  const own = sentences.map(({ code }) => strings.told[code]);
  return own.length > 0 && own.every((text) => text !== undefined)
    ? sentences.map(({ values }, k) => filledIn(own[k] ?? "", values)).join(" ")
    : english;
}
