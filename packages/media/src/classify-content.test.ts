import { expect, it } from "vitest";
import { judgeFigures } from "./classify-content.ts";
import { contentByName } from "./content-by-name.ts";

/** Medians of eight pictures each, measured on real clips. */
it.each([
  ["birds on a blue sky", "animation", 0.96, 54.5, 51, 1, 0],
  ["computer animation, 60 fps", "animation", 0.36, 22.2, 13, 4, 0.64],
  ["computer animation, square", "animation", 0.53, 21.8, 14, 4, 0.62],
  ["computer animation, grass", "animation", 0.12, 26.3, 10, 6, 0.57],
  ["the same film fading in", "film", 0.89, 7.8, 3, 2, 0.45],
  ["cartoon of 1936, sepia print", "film", 0.39, 19.7, 15, 3, 0.05],
  ["a street with bicycles", "film", 0.24, 3.8, 2, 1, 0.04],
  ["a talking head in a car", "film", 0.4, 8.7, 5, 4, 0.66],
  ["a talking head", "film", 0.44, 7.1, 4, 4, 0.59],
  ["a hall", "film", 0.54, 22.3, 10, 3, 0.79],
  ["a red tree under a blue sky", "film", 0.5, 23.7, 4, 2, 0.46],
  ["a flower", "film", 0.14, 23.7, 16, 5, 0.13],
  ["a glass flower on wood", "film", 0.11, 29.6, 28, 1, 0.01],
  ["a person signing", "film", 0.61, 11.9, 6, 3, 0.36],
  ["mission control", "film", 0.46, 10.2, 7, 3, 0.49],
  ["asphalt", "film", 0.81, 1, 1, 0, 0],
  ["a desktop", "film", 0.62, 7, 1, 1, 0.59],
  ["a dog in a dim room", "film", 0.43, 8.1, 5, 2, 0.02],
] as const)("%s is taken for %s", (_, content, flat, colour, tint, hues, spread) => {
  expect(judgeFigures({ flat, colour, tint, hues, spread }).content).toBe(content);
});

it.each([
  ["/films/Anime/Title/01.mkv", "Anime"],
  ["/films/Some Animated Shorts (2001)/film.mkv", "Animated"],
  ["/films/cartoon1936.mkv", "cartoon"],
])("%s says what it is", (path, word) => {
  expect(contentByName(path)).toEqual({ content: "animation", why: `its path says "${word}"` });
});

it.each(["/films/Reanimation.mkv", "/films/Animal (2020)/film.mkv", "/films/cartoonist.mkv"])(
  "%s says nothing",
  (path) => {
    expect(contentByName(path)).toBeUndefined();
  },
);
