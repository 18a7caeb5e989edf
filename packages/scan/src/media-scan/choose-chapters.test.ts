import { expect, it } from "vitest";
import type { FilmChapter } from "./film-chapter.ts";
import { chooseChapters } from "./choose-chapters.ts";

const chapter = (
  pluginId: string,
  startSeconds: number,
  endSeconds: number,
  role: FilmChapter["role"] = "intro",
): FilmChapter => ({ pluginId, role, startSeconds, endSeconds });

const on = (id: string, isBuiltIn = false) => ({ id, isBuiltIn, isEnabled: true });

it("takes what the first plugin says where two found the same thing", () => {
  const found = [chapter("b", 0, 30), chapter("a", 5, 31), chapter("b", 80, 100, "credits")];
  expect(chooseChapters(found, [on("a"), on("b")])).toEqual([found[1], found[2]]);
  expect(chooseChapters(found, [on("a", true), on("b")])).toEqual([found[0], found[2]]);
});

it("keeps what is not the same: little in common, or another role", () => {
  const found = [chapter("a", 0, 30), chapter("b", 16, 50), chapter("b", 0, 30, "credits")];
  expect(chooseChapters(found, [on("a"), on("b")])).toHaveLength(3);
});

it("leaves out what plugins found that are switched off or gone", () => {
  expect(
    chooseChapters([chapter("off", 0, 30)], [on("on"), { ...on("off"), isEnabled: false }]),
  ).toEqual([]);
});
