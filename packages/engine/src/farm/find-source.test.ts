import { mkdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PathMap } from "@upreel/core";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { findSource } from "./find-source.ts";

/** Two shared folders with a film each, and how a film of the gateway's is read here. */
async function openShare() {
  const folder = await makeTempFolder();
  const [films, best] = [join(folder.path, "films"), join(folder.path, "best")];
  for (const each of [films, best]) {
    await mkdir(each);
    await writeFile(join(each, "film.mkv"), "a film");
  }
  const notShared: string[] = [];
  const { size, mtimeMs } = await stat(join(films, "film.mkv"));
  await utimes(join(best, "film.mkv"), mtimeMs / 1_000, mtimeMs / 1_000);
  const find = async (path: string, sharedFolders: PathMap, sizeBytes = size) =>
    (
      await findSource(
        { id: "f", path, sizeBytes, modifiedMs: mtimeMs },
        {
          sharedFolders,
          urlOf: ({ id }) => `http://gateway/${id}`,
          onNotShared: (where) => notShared.push(where),
        },
      )
    ).path;
  return {
    ...{ films, best, find, notShared },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const OVER_HTTP = "http://gateway/f";

it("a film is read from the shared folder that is nearest to it, with or without a slash at its end", async () => {
  await using share = await openShare();
  const { films, best, find } = share;
  const folders = [
    { from: "/films/best/", to: `${best}/` },
    { from: "/films", to: films },
  ];
  expect(await find("/films/film.mkv", folders)).toBe(join(films, "film.mkv"));
  expect(await find("/films/best/film.mkv", folders)).toBe(join(best, "film.mkv"));
  expect(await find("/films/film.mkv", [{ from: "/films/", to: films }])).toBe(
    join(films, "film.mkv"),
  );
  expect(share.notShared).toEqual([]);
});

it("what is no part of a shared folder, and a path that leads out of it, is read over HTTP", async () => {
  await using share = await openShare();
  const { films, find } = share;
  expect(await find("/film/film.mkv", [{ from: "/f", to: films.slice(0, -"ilms".length) }])).toBe(
    OVER_HTTP,
  );
  expect(await find("/films/../best/film.mkv", [{ from: "/films", to: films }])).toBe(OVER_HTTP);
  expect(await find("/films/film.mkv", [])).toBe(OVER_HTTP);
  expect(share.notShared).toEqual([]);
});

it("another file of that name is not taken for the film, and that is told", async () => {
  await using share = await openShare();
  const { films, find } = share;
  expect(await find("/films/film.mkv", [{ from: "/films", to: films }], 7)).toBe(OVER_HTTP);
  expect(await find("/films/other.mkv", [{ from: "/films", to: films }])).toBe(OVER_HTTP);
  expect(share.notShared).toEqual([join(films, "film.mkv"), join(films, "other.mkv")]);
});

it("without an address of the gateway's it says so", async () => {
  const source = { id: "f", path: "/films/film.mkv", sizeBytes: 1, modifiedMs: 1 };
  const ways = { sharedFolders: [], urlOf: () => undefined, onNotShared: () => undefined };
  await expect(findSource(source, ways)).rejects.toMatchObject({ code: "source_unavailable" });
});
