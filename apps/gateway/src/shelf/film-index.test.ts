import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EventTold } from "@upreel/core";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { directFiles } from "@upreel/sources";
import { createFilmIndex, type FilmIndex } from "./film-index.ts";

const settled = async (index: FilmIndex) => {
  index.now();
  await index.settled();
  return index.now();
};

it("films of all folders are found, each once, without links that lead round and Upreel's own", async () => {
  await using folder = await makeTempFolder();
  const season = join(folder.path, "Show", "Season 1");
  await mkdir(season, { recursive: true });
  await mkdir(join(folder.path, "streams", "x"), { recursive: true });
  for (const name of [
    ...["Show/Season 1/S01E01.mkv", "Metropolis (1927).mp4", "own.ts", "notes.txt"],
    "streams/x/000000.ts",
  ])
    await writeFile(join(folder.path, name), name);
  await symlink(folder.path, join(season, "up"));
  await symlink(join(folder.path, "Metropolis (1927).mp4"), join(season, "link.mp4"));
  let nowMs = 0;
  const index = createFilmIndex({
    ...{ files: directFiles(), roots: [folder.path, "/no/such/folder"] },
    secret: Buffer.from("a key"),
    isOwn: (path) => path.endsWith("own.ts") || path === join(folder.path, "streams"),
    log: { debug: () => undefined },
    events: { tell: () => undefined },
    nowMs: () => nowMs,
    signal: new AbortController().signal,
  });
  expect(index.now()).toMatchObject({ films: [], isScanning: true });
  const first = await settled(index);
  const found = first.films
    .toSorted((a, b) => a.title.localeCompare(b.title))
    .map(({ title, year }) => [title, year]);
  expect(found).toEqual([
    ["Metropolis", 1927],
    ["S01E01", undefined],
  ]);
  expect(first).toMatchObject({ isScanning: false, unreadable: ["/no/such/folder"] });

  // The same films have the same ids; another file at the place has another one.
  await rm(join(season, "S01E01.mkv"));
  await writeFile(join(folder.path, "Metropolis (1927).mp4"), "another cut");
  const before = first.films.find(({ year }) => year === 1927)?.id;
  expect((await settled(index)).films).toHaveLength(2);
  nowMs += 60_000;
  const second = await settled(index);
  expect(second.films.map(({ title }) => title)).toEqual(["Metropolis"]);
  expect(second.films[0]?.id).not.toBe(before);
  expect(second.films[0]?.id).toMatch(/^[0-9a-f]{32}$/);
});

it("tells of films that came since it looked first, once", async () => {
  await using folder = await makeTempFolder();
  const told: EventTold[] = [];
  let nowMs = 0;
  const index = createFilmIndex({
    ...{ files: directFiles(), roots: [folder.path], secret: Buffer.from("a key") },
    ...{ isOwn: () => false, log: { debug: () => undefined }, nowMs: () => nowMs },
    events: { tell: (event) => void told.push(event) },
    signal: new AbortController().signal,
  });
  const look = async () => {
    nowMs += 60_000;
    await settled(index);
  };
  const [old, fresh] = [join(folder.path, "old.mkv"), join(folder.path, "Fresh (2020).mkv")];
  await writeFile(old, "old");
  await settled(index);
  await writeFile(fresh, "being copied");
  await look();
  await writeFile(fresh, "being copied, and longer");
  await rm(old);
  await look();
  await writeFile(old, "back");
  await look();
  expect(told).toEqual([{ name: "film.found", title: "Fresh", path: fresh }]);
});

it("tells what is in a folder at this moment, whatever it knew before, and nothing outside the film folders", async () => {
  await using folder = await makeTempFolder();
  const season = join(folder.path, "films", "Show");
  await mkdir(season, { recursive: true });
  const index = createFilmIndex({
    ...{ files: directFiles(), roots: [join(folder.path, "films")], secret: Buffer.from("a key") },
    ...{ log: { debug: () => undefined }, nowMs: () => 0, events: { tell: () => undefined } },
    isOwn: (path) => path.endsWith("export.mkv"),
    signal: new AbortController().signal,
  });
  await writeFile(join(season, "E1.mkv"), "one");
  const [known] = (await settled(index)).films;
  for (const name of ["E2.mkv", "export.mkv"]) await writeFile(join(season, name), "came");
  const films = await index.filmsIn(season);
  expect(films.map(({ title }) => title)).toEqual(["E1", "E2"]);
  expect(films[0]).toEqual(known);
  expect((await settled(index)).films).toHaveLength(1);
  expect(await index.filmsIn(folder.path)).toEqual([]);
  expect(await index.filmsIn(join(season, "gone"))).toEqual([]);
});
