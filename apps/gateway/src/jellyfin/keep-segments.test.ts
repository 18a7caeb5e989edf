import { createJellyfinClient } from "@upreel/jellyfin";
import type { FilmChapter } from "@upreel/scan";
import { makeFakeItem, makeRecordingLog, MOVIES, startFakeJellyfin } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import { keepSegments } from "./keep-segments.ts";

const ITEM = "508bfcc390dc4acbd1826571a92d9968";
const OTHER = "a".repeat(32);
const INTRO: FilmChapter = {
  ...{ pluginId: "intro-credits", role: "intro", startSeconds: 10, endSeconds: 40 },
};
const CREDITS: FilmChapter = { ...INTRO, role: "credits", startSeconds: 1300, endSeconds: 1320 };

async function setUp(plugin: string | undefined, version: "10.10.7" | "12.0.0" = "12.0.0") {
  const item = makeFakeItem({ id: ITEM, path: "/media/movies/A.mkv" });
  const other = makeFakeItem({ id: OTHER, path: "/media/movies/Other.mkv" });
  const fake = await startFakeJellyfin({ version, items: [other, item] });
  fake.libraries.splice(0, 1, { ...MOVIES, locations: ["/media/movies"] });
  fake.behaviour.segmentsPlugin = plugin;
  const chapters = new Map<string, readonly FilmChapter[]>();
  let look: (paths: readonly string[]) => void = () => undefined;
  let isListening = true;
  const log = makeRecordingLog();
  let now = 0;
  const kept = keepSegments({
    client: createJellyfinClient({ url: fake.url, apiKey: fake.apiKey, attempts: 1 }),
    config: { jellyfin: { pathMap: [{ from: "/media", to: "/films" }] } },
    files: { locate: async (path) => ({ path, sizeBytes: 1, modifiedMs: 1 }) },
    ...{ roots: [], log, nowMs: () => now },
    scans: {
      chapters: async ({ path }) => chapters.get(path) ?? [],
      onLooked(listener) {
        look = listener;
        return () => void (isListening = false);
      },
    },
  });
  const calls = (): string[] =>
    fake.requests.filter(({ url }) => url.includes("Api")).map(({ method }) => method);
  return {
    ...{ fake, item, log, kept, calls, isListening: () => isListening },
    pass: (ms: number) => void (now += ms),
    tell: (...paths: readonly string[]) => look(paths),
    async look(path: string, found: readonly FilmChapter[]) {
      chapters.set(path, found);
      look([path]);
      await kept.idle();
    },
    async lookAtBoth(found: readonly FilmChapter[]) {
      const paths = ["/films/movies/Other.mkv", "/films/movies/A.mkv"];
      for (const path of paths) chapters.set(path, found);
      look(paths);
      await kept.idle();
    },
    async [Symbol.asyncDispose]() {
      await kept[Symbol.asyncDispose]();
      await fake.stop();
    },
  };
}

describe("intros and credits in Jellyfin itself", () => {
  it.each(["10.10.7", "12.0.0"] as const)(
    "are what its own interface tells every client, in %s, once",
    async (version) => {
      await using test = await setUp("1.2.3", version);
      const { fake, item, calls } = test;
      await test.look("/films/movies/A.mkv", [INTRO, CREDITS]);
      const told = await fetch(`${fake.url}/MediaSegments/${ITEM}`, {
        headers: { Authorization: `MediaBrowser Token="${fake.apiKey}"` },
      });
      expect(await told.json()).toMatchObject({
        TotalRecordCount: 2,
        Items: [
          { ItemId: ITEM, Type: "Intro", StartTicks: 100_000_000, EndTicks: 400_000_000 },
          { ItemId: ITEM, Type: "Outro", StartTicks: 13_000_000_000 },
        ],
      });
      expect(calls()).toEqual(["GET", "POST", "POST"]);
      // The film is looked at again, and nothing is new.
      await test.look("/films/movies/A.mkv", [INTRO, CREDITS]);
      expect(calls()).toEqual(["GET", "POST", "POST", "GET"]);
      await test.look("/films/movies/A.mkv", [{ ...INTRO, endSeconds: 50 }]);
      expect(item.segments).toMatchObject([{ Type: "Intro", EndTicks: 500_000_000 }]);
    },
  );

  it("are not stored where the plugin is not installed, which is asked for again later", async () => {
    await using test = await setUp(undefined);
    const { fake, item, calls } = test;
    await test.look("/films/movies/A.mkv", [INTRO]);
    await test.look("/films/movies/A.mkv", [INTRO]);
    expect(calls()).toEqual(["GET"]);
    expect(test.log.entries).toEqual([]);
    fake.behaviour.segmentsPlugin = "1.2.3";
    test.pass(11 * 60_000);
    await test.look("/films/movies/A.mkv", [INTRO]);
    expect(item.segments).toHaveLength(1);
  });

  it("of a film that Jellyfin does not have are nobody's business", async () => {
    await using test = await setUp("1.2.3");
    await test.look("/films/movies/B.mkv", [INTRO]);
    await test.look("/elsewhere/A.mkv", [INTRO]);
    expect(new Set(test.calls())).toEqual(new Set(["GET"]));
    expect(test.log.entries).toEqual([]);
  });

  it("wait for nobody: a server that is away is told in the log, and stored to the next time", async () => {
    await using test = await setUp("1.2.3");
    test.fake.behaviour.failAt = (method) => (method === "POST" ? 500 : undefined);
    await test.look("/films/movies/A.mkv", [INTRO]);
    expect(JSON.stringify(test.log.entries)).toContain("Intros and credits of /films/movies/A.mkv");
    test.fake.behaviour.failAt = undefined;
    await test.look("/films/movies/A.mkv", [INTRO]);
    expect(test.item.segments).toHaveLength(1);
  });

  it("are stored after a film that was gone before plugins could look at it", async () => {
    await using test = await setUp("1.2.3");
    test.tell();
    await test.look("/films/movies/A.mkv", [INTRO]);
    expect(test.item.segments).toHaveLength(1);
  });

  it("of one film that Jellyfin does not take keep those of the others from nothing", async () => {
    await using test = await setUp("1.2.3");
    test.fake.behaviour.failAt = (method, url) =>
      method === "POST" && url.includes(OTHER) ? 500 : undefined;
    await test.lookAtBoth([INTRO]);
    expect(test.item.segments).toHaveLength(1);
    const warnings = test.log.entries.filter(({ level }) => level === "warn");
    expect(warnings).toMatchObject([
      { message: expect.stringContaining("/films/movies/Other.mkv") },
    ]);
  });

  it("of a library that takes none are told of once, and tried again later", async () => {
    await using test = await setUp("1.2.3");
    const posts = (): number => test.calls().filter((method) => method === "POST").length;
    const warnings = () => test.log.entries.filter(({ level }) => level === "warn");
    test.fake.behaviour.failAt = (method) => (method === "POST" ? 500 : undefined);
    await test.lookAtBoth([INTRO]);
    expect(posts()).toBe(2);
    await test.lookAtBoth([INTRO]);
    await test.look("/films/movies/A.mkv", [INTRO]);
    expect(posts()).toBe(2);
    expect(warnings()).toMatchObject([
      { message: expect.stringMatching(/answers 500 .* library Movies, .*"MediaSegments API"/) },
    ]);
    test.pass(11 * 60_000);
    await test.look("/films/movies/A.mkv", [INTRO]);
    expect(posts()).toBe(3);
    expect(warnings()).toHaveLength(1);
    test.pass(11 * 60_000);
    test.fake.behaviour.failAt = undefined;
    await test.lookAtBoth([INTRO]);
    expect(test.item.segments).toHaveLength(1);
    // It took them: the next trouble is news.
    test.fake.behaviour.failAt = (method) => (method === "POST" ? 500 : undefined);
    await test.look("/films/movies/A.mkv", [{ ...INTRO, endSeconds: 50 }]);
    expect(warnings()).toHaveLength(2);
  });

  it("keep nobody who ends waiting for a server that hangs", async () => {
    const test = await setUp("1.2.3");
    test.fake.behaviour.hangs = true;
    test.tell("/films/movies/A.mkv");
    await test.kept[Symbol.asyncDispose]();
    expect(test.log.entries).toEqual([]);
    await test.fake.stop();
  });

  it("are no more followed after the end", async () => {
    const test = await setUp("1.2.3");
    await test[Symbol.asyncDispose]();
    expect(test.isListening()).toBe(false);
  });
});
