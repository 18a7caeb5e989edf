import type { StreamView } from "@upreel/core";
import { expect, it } from "vitest";
import type { IndexedFilm } from "./film-index.ts";
import { createShelf, type FilmsWanted } from "./shelf.ts";

const ALL: FilmsWanted = {
  ...{ search: "", sort: "title", only: undefined, folder: undefined },
  ...{ streams: undefined, offset: 0, limit: 50 },
};

const film = (path: string, modifiedMs = 0): IndexedFilm => {
  const folder = path.replace(/\/[^/]*$/, "");
  const title = path.slice(folder.length + 1).replace(/\..*/, "");
  return {
    ...{ id: title, title, year: undefined, path, realPath: path, folder },
    ...{ sizeBytes: 1, modifiedMs },
  };
};

const streamOf = (part: Partial<StreamView>): StreamView =>
  ({ ratio: 0, quality: 20, wanted: { model: "auto" }, ...part }) as StreamView;

/** `known`: what was seen at the last look at all folders. */
function shelfOf(
  films: readonly IndexedFilm[],
  made: Record<string, readonly Partial<StreamView>[]> = {},
  known = films,
) {
  const looked: string[] = [];
  const shelf = createShelf({
    index: {
      now: () => ({ films: known, isScanning: false, isCut: false, unreadable: [] }),
      filmsIn: async (folder) => films.filter((each) => each.folder === folder),
      settled: async () => undefined,
    },
    facts: {
      of: ({ id }) => void looked.push(id),
      known: () => undefined,
      posterPath: (id) => `/${id}.jpg`,
    },
    streams: {
      pathOf: async (id) =>
        Object.entries(made).find(([, parts]) => parts.some((part) => part.id === id))?.[0],
      now: async () =>
        new Map(Object.entries(made).map(([path, parts]) => [path, parts.map(streamOf)])),
    },
    ladderOf: async () => [],
    outputSize: async (input) => input,
    roots: ["/films", "/series"],
    ...{ posterShape: "landscape", close: () => undefined },
  });
  return { shelf, looked };
}

const FILMS = [
  film("/films/Film 10.mkv", 30),
  film("/films/Film 9.mkv", 10),
  film("/series/Show/S1/E1.mkv", 20),
  film("/series/Show/S1/E2.mkv"),
  film("/series/Other/E1b.mkv"),
];
const titles = async (wanted: Partial<FilmsWanted>): Promise<string[]> => {
  const { films } = await shelfOf(FILMS, STREAMS).shelf.films({ ...ALL, ...wanted });
  return films.map(({ title }) => title);
};
const STREAMS = {
  "/films/Film 9.mkv": [{ id: "s9", state: "complete" }],
  "/series/Show/S1/E1.mkv": [{ id: "s1", state: "running" }],
} as const;

it("films are searched, sorted, filtered, and shown a page at a time", async () => {
  expect(await titles({})).toEqual(["E1", "E1b", "E2", "Film 9", "Film 10"]);
  expect(await titles({ sort: "added", limit: 2 })).toEqual(["Film 10", "E1"]);
  expect(await titles({ search: "show e2" })).toEqual(["E2"]);
  expect(await titles({ only: "ready" })).toEqual(["Film 9"]);
  expect(await titles({ only: "upscaling" })).toEqual(["E1"]);
  expect(await titles({ streams: ["s1", "gone", "s9"] })).toEqual(["E1", "Film 9"]);
  expect(await titles({ folder: "/series/Show" })).toEqual(["E1", "E2"]);
  // Only what is shown is looked into.
  const { shelf, looked } = shelfOf(FILMS);
  const answer = await shelf.films({ ...ALL, offset: 3, limit: 1 });
  expect([looked, answer.total, answer.pending]).toEqual([["Film 9"], 5, 1]);
});

it("folders lead down to the films and up again", async () => {
  const { shelf } = shelfOf(FILMS);
  const at = async (folder?: string) => {
    const { folders, parent } = await shelf.films({ ...ALL, folder });
    return [folders.map(({ name, films }) => `${name} ${films}`), parent];
  };
  expect(await at()).toEqual([["films 2", "series 3"], null]);
  expect(await at("/series")).toEqual([["Other 1", "Show 2"], null]);
  expect(await at("/series/Show")).toEqual([["S1 2"], "/series"]);
  // Nothing outside the film folders is listed by asking for it.
  expect(await at("/etc")).toEqual([[], "/"]);
});

it("the next episode is the next film of its folder", async () => {
  const { shelf } = shelfOf(FILMS, STREAMS);
  expect((await shelf.next("s1"))?.title).toBe("E2");
  expect((await shelf.next("s9"))?.title).toBe("Film 10");
  expect(await shelf.next("gone")).toBe(undefined);
});

it("a sequel comes after the film before it", async () => {
  const films = [film("/films/Heat 2.mkv"), film("/films/Heat.mkv")];
  const { shelf } = shelfOf(films, { "/films/Heat.mkv": [{ id: "heat", state: "complete" }] });
  expect((await shelf.next("heat"))?.title).toBe("Heat 2");
});

it("the next episode is the one that is there now, although nobody has looked at all films since it came", async () => {
  const later = film("/series/Show/S1/E3.mkv");
  const films = [...FILMS, later];
  for (const known of [[], FILMS.slice(2, 3), films.filter(({ title }) => title !== "E2")])
    expect((await shelfOf(films, STREAMS, known).shelf.next("s1"))?.title).toBe("E2");
});

it("the next film is the one after the link that people see, and never the same film by another link", async () => {
  const linked = (name: string, realPath: string) => ({ ...film(`/films/${name}.mkv`), realPath });
  const films = [
    ...[linked("A", "/store/x.mkv"), linked("B", "/store/x.mkv"), linked("C", "/store/a.mkv")],
    ...[film("/store/x.mkv"), film("/store/y.mkv")],
  ];
  const { shelf } = shelfOf(films, { "/store/x.mkv": [{ id: "x", state: "complete" }] });
  expect((await shelf.next("x"))?.title).toBe("C");
});

it("a film that was made in several ways is one film: the best version plays, and each leads to it", async () => {
  const heat = { film: "heat", height: 1080 } as const;
  const versions = [
    { ...heat, id: "fast", state: "complete", wanted: { model: "fast" } },
    { ...heat, id: "best", state: "complete", wanted: { model: "best" } },
    { ...heat, id: "finer", state: "running", quality: 16 },
  ] as const;
  const films = [film("/films/Heat.mkv"), film("/films/Heat 2.mkv")];
  const { shelf } = shelfOf(films, { "/films/Heat.mkv": versions });
  const look = async (wanted: Partial<FilmsWanted>) =>
    (await shelf.films({ ...ALL, ...wanted })).films.map(({ title, stream }) => [title, stream]);
  const [shown] = (await shelf.films(ALL)).films;
  expect(shown).toMatchObject({
    stream: "best",
    versions: ["fast", "best", "finer"],
    film: "heat",
  });
  expect(shown?.badge.kind).toBe("ready");
  // Whichever was watched, and also where what was kept names the film.
  expect(await look({ streams: ["fast", "heat", "best"] })).toEqual([["Heat", "best"]]);
  expect(await look({ only: "ready" })).toEqual([["Heat", "best"]]);
  expect(await look({ only: "upscaling" })).toEqual([["Heat", "best"]]);
  expect((await shelf.next("finer"))?.title).toBe("Heat 2");
});
