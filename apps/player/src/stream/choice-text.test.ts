import type { FilmChoice } from "@upreel/core";
import { expect, it } from "vitest";
import { choiceText } from "./choice-text.ts";

const choice: FilmChoice = {
  ...{ model: "fast", id: "net", name: "Fast", good_at: null, width: 1920, height: 1080 },
  ...{ expected_speed: 1.4, making_seconds: 4500, is_live: true },
  disk_bytes: 2_800_000_000,
};

it.each<[Partial<FilmChoice>, string]>([
  [
    {},
    "1920×1080\u00a0· 1.40× film speed\u00a0· can be watched now\u00a0· takes 75 min\u00a0· about 2.8 GB on disk",
  ],
  [
    { expected_speed: 0.5, making_seconds: 12_600, is_live: false },
    "1920×1080\u00a0· 0.50× film speed\u00a0· too slow to watch live: it is upscaled ahead of time\u00a0· takes 3 h 30 min\u00a0· about 2.8 GB on disk",
  ],
  [
    { expected_speed: null, making_seconds: null, is_live: null },
    "1920×1080\u00a0· not measured on this computer yet\u00a0· about 2.8 GB on disk",
  ],
])("a way to make a film says what it gives, how fast it is and what it takes", (part, text) => {
  expect(choiceText({ ...choice, ...part }).replaceAll(/[\u2066\u2069]/g, "")).toBe(text);
});
