import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { expandFilms } from "./expand-films.ts";

it("several films are taken as they are, and those of a folder when somebody agrees", async () => {
  await using folder = await makeTempFolder();
  const season = join(folder.path, "Show", "Season 1");
  await mkdir(season, { recursive: true });
  const one = join(season, "1.mkv");
  const two = join(season, "2.mkv");
  const film = join(folder.path, "film.mkv");
  for (const path of [one, two, film, join(season, "notes.txt")]) await writeFile(path, "x");
  const asked: [string, number][] = [];
  const agree = (path: string, films: number): Promise<boolean> => {
    asked.push([path, films]);
    return Promise.resolve(true);
  };
  expect(await expandFilms([film, join(folder.path, "Show"), film], agree)).toEqual([
    ...[film, one, two],
  ]);
  expect(asked).toEqual([[join(folder.path, "Show"), 2]]);
  expect(await expandFilms([folder.path], () => Promise.resolve(false))).toEqual([]);
});

it("a folder without films, a URL and what is not there are refused", async () => {
  await using folder = await makeTempFolder();
  const never = (): Promise<boolean> => expect.unreachable();
  await expect(expandFilms([folder.path], never)).rejects.toThrow("no film in the folder");
  await expect(expandFilms(["https://x/film.mkv"], never)).rejects.toThrow("is a web address");
  await expect(expandFilms([join(folder.path, "none.mkv")], never)).rejects.toThrow("no such file");
});
