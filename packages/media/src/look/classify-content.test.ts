import { expect, it } from "vitest";
import { judgeFigures } from "./classify-content.ts";
import { contentByName } from "./content-by-name.ts";

/** Medians of eight pictures each, measured on real clips. */
it.each([
  ["birds on a blue sky", "animation", 0.96, 54.5, 51, 1, 0],
  ["computer animation, 60 fps", "animation", 0.36, 22.2, 11.9, 4, 0.62],
  ["computer animation, square", "animation", 0.53, 21.8, 14.2, 4, 0.64],
  ["computer animation, grass", "animation", 0.12, 26.3, 10.1, 6, 0.56],
  ["the same film fading in", "film", 0.89, 7.8, 3.2, 3, 0.46],
  ["cartoon of 1936, sepia print", "film", 0.39, 19.7, 14.9, 3, 0.05],
  ["a street with bicycles", "film", 0.24, 3.8, 1.7, 1, 0.03],
  ["a talking head in a car", "film", 0.4, 8.7, 5.5, 4, 0.67],
  ["a talking head", "film", 0.44, 7.1, 4.5, 4, 0.6],
  ["a hall", "film", 0.54, 22.3, 10.8, 3, 0.78],
  ["a red tree under a blue sky", "film", 0.5, 23.7, 4.1, 2, 0.45],
  ["a flower", "film", 0.14, 23.7, 15.2, 5, 0.12],
  ["a glass flower on wood", "film", 0.11, 29.6, 27.6, 1, 0.01],
  ["a person signing", "film", 0.61, 11.9, 5.5, 3, 0.35],
  ["mission control", "film", 0.46, 10.2, 7.3, 3, 0.5],
  ["asphalt", "film", 0.81, 1, 0.8, 0, 0],
  ["a desktop", "film", 0.62, 7, 1, 2, 0.62],
  ["a dog in a dim room", "film", 0.43, 8.1, 5.1, 2, 0.02],
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
