import { tell, told } from "@upreel/core";
import { afterEach, expect, it, vi } from "vitest";
import { german } from "./languages/de.ts";
import { strings } from "./strings.ts";
import { toldText } from "./told-text.ts";

afterEach(() => vi.restoreAllMocks());

const sentences = [told("rung_speed", { model: "Best (×1.5)", speed: 0.5 }), told("rung_not_live")];

it("is the gateway's own sentence in English, which it speaks itself", () => {
  expect(toldText(sentences, tell(...sentences))).toBe(
    "Quality “Best (×1.5)”: this computer upscales this film at about 0.5× film speed. It cannot be watched live yet.",
  );
});

it("is said in the language of the page, models and numbers, too", () => {
  vi.spyOn(strings, "told", "get").mockReturnValue(german.told);
  vi.spyOn(strings, "models", "get").mockReturnValue(german.models);
  vi.spyOn(strings, "units", "get").mockReturnValue(german.units);
  expect(toldText(sentences, "English")).toBe(
    "Qualität „Am besten (×1,5)“: Dieser Computer skaliert diesen Film mit etwa 0,5× Filmtempo hoch. Live ansehen lässt er sich noch nicht.",
  );
});
