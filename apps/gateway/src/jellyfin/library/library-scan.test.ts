import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  eventually,
  makeFakeItem,
  makeRecordingLog,
  makeTempFolder,
  ROOT_USER,
  startFakeJellyfin,
} from "@upreel/testkit";
import { createJellyfinClient } from "@upreel/jellyfin";
import { expect, it } from "vitest";
import { parseSettings } from "../../config/parse-settings.ts";
import { directFiles } from "@upreel/sources";
import { createFakeStreams } from "../../../../../packages/streams/src/testing/fake-streams.ts";
import { startLibraryScan } from "./library-scan.ts";
import { makeNextEpisodes } from "./next-episodes.ts";

const id = (n: number): string => n.toString(16).padStart(32, "0");
const SERIES = { id: id(0x99), name: "Show" };
const PROFILE = { model: "fast", scale: 2, encoder: "auto", quality: 22 } as const;

/** Four films in a library, of which two can be made; it is noon, LIBRARY_HOURS are at night. */
async function setUp(settings: Record<string, string> = {}) {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await makeTempFolder());
  const films = join(folder.path, "films");
  await mkdir(films);
  const item = (n: number, height: number) =>
    makeFakeItem({
      id: id(n),
      name: `Film ${n}`,
      path: join(films, `${n}.mkv`),
      video: { codec: "h264", width: height * 2, height },
      dateCreated: `2026-01-1${9 - n}T00:00:00Z`,
      type: "Episode",
      series: SERIES,
      season: 1,
      episode: n,
      userData: new Map([[ROOT_USER.id, { played: false, favourite: false, positionTicks: 0 }]]),
    });
  for (const n of [1, 2]) await writeFile(join(films, `${n}.mkv`), "");
  const fake = stack.use(
    await startFakeJellyfin({ items: [item(1, 360), item(2, 480), item(3, 576), item(4, 2160)] }),
  );
  const config = parseSettings(
    { MEDIA_ROOTS: films, LIBRARY_RULES: "below=3000", LIBRARY_MIN_FREE_GB: "1", ...settings },
    {},
    folder.path,
  );
  const streams = createFakeStreams(folder.path);
  const world = {
    now: new Date(2026, 10, 21, 12, 0),
    isPlaying: false,
    leads: true,
    freeBytes: 5e9,
  };
  const log = makeRecordingLog();
  const deps = {
    config,
    files: directFiles(),
    roots: [films],
    streams,
    log,
    client: createJellyfinClient({ url: fake.url, apiKey: fake.apiKey }),
    outputSize: async (size: { width: number; height: number }) =>
      size.height < 2160 ? size : undefined,
  };
  const start = () =>
    startLibraryScan(
      {
        ...deps,
        now: () => world.now,
        freeBytes: async () => world.freeBytes,
        isAnyonePlaying: async () => world.isPlaying,
        leads: () => world.leads,
      },
      5,
    );
  const scan = stack.use(start());
  const says = (text: string) =>
    eventually(`it says ${text}`, () => scan.state().message.includes(text));
  /** Titles of what was triggered, with the stream that stands for the newest of them. */
  const begun = async (count: number) => {
    await eventually(`${count} are begun`, () => streams.triggered.length === count);
    return streams.triggered.map(({ title, priority }) => `${title} ${priority}`);
  };
  return {
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
    ...{ scan, start, streams, world, says, begun, deps, films, fake },
  };
}

const NIGHT = new Date(2026, 10, 22, 2, 0);

it("a plan says what will be made and why the rest is not, before anything starts", async () => {
  await using test = await setUp();
  const { films, skipped } = await test.scan.plan();
  expect(films).toMatchObject([
    { title: "Show: Film 1", why: "below 3000 lines", height: 360, ratio: 0 },
    { title: "Show: Film 2" },
  ]);
  expect(skipped).toMatchObject([
    { title: "Show: Film 3", why: expect.stringContaining("no such file") },
    { title: "Show: Film 4", why: "it has 2160 lines already" },
  ]);
  await test.says("waiting for the time");
  expect(test.streams.triggered).toEqual([]);
});

it("films are made one after the other at night, paused while anyone plays", async () => {
  await using test = await setUp();
  const { scan, streams, world, says, begun, films } = test;
  streams.put({ id: "abc", state: "running", viewers: 0 });
  world.now = NIGHT;
  expect(await begun(1)).toEqual(["Show: Film 1 background"]);
  await says("is being upscaled");
  expect(test.scan.state().current).toMatchObject({ id: "abc" });

  world.isPlaying = true;
  await eventually("it is paused", () => streams.calls.includes("pause abc"));
  await says("somebody watches");
  world.isPlaying = false;
  await eventually("it goes on", () => streams.calls.includes("resume abc"));

  streams.nextResult = { status: "started", id: "def", archive: undefined };
  streams.put({ id: "def", state: "running" });
  // The fake knows a stream's file by its title.
  streams.put({ id: "abc", title: join(films, "1.mkv"), state: "complete" });
  expect(await begun(2)).toEqual(["Show: Film 1 background", "Show: Film 2 background"]);
  streams.put({ id: "def", title: join(films, "2.mkv"), state: "complete" });
  await says("every film that the rules ask for is ready");
  // Told of a new item, it asks again at once.
  streams.nextResult = { status: "started", id: "ghi", archive: undefined };
  streams.put({ id: "ghi", state: "running" });
  await writeFile(join(films, "3.mkv"), "");
  scan.look();
  expect((await begun(3)).at(-1)).toBe("Show: Film 3 background");
  streams.put({ id: "ghi", title: join(films, "3.mkv"), state: "complete" });

  world.now = new Date(2026, 10, 22, 12, 0);
  await says("waiting for the time");
});

it("limits hold: items of a night, free space, and the morning", async () => {
  await using test = await setUp({ LIBRARY_ITEMS: "1" });
  const { streams, world, says, begun } = test;
  world.freeBytes = 5e8;
  world.now = NIGHT;
  await says("only 0.5 GB are free");
  world.freeBytes = 5e9;
  streams.put({ id: "abc", state: "running" });
  await begun(1);
  world.now = new Date(2026, 10, 22, 8, 0);
  await eventually("it is paused in the morning", () => streams.calls.includes("pause abc"));
  world.now = new Date(2026, 10, 23, 2, 0);
  await eventually("it goes on at night", () => streams.calls.includes("resume abc"));
  streams.put({ id: "abc", state: "complete" });
  await begun(2);
  await says("1 films were started");
});

it("a restart at night does not begin as many films again", async () => {
  await using test = await setUp({ LIBRARY_ITEMS: "1" });
  const { scan, start, streams, world, says, begun } = test;
  world.now = NIGHT;
  streams.put({ id: "abc", state: "running" });
  await begun(1);
  streams.put({ id: "abc", state: "complete" });
  await says("1 films were started");
  await scan[Symbol.asyncDispose]();
  await using again = start();
  await eventually("it waits", () => again.state().message.includes("1 films were started"));
  expect(again.state().begun).toBe(1);
  world.now = new Date(2026, 10, 23, 2, 0);
  await begun(2);
});

it("of several gateways one begins films, and another one goes on counting", async () => {
  await using test = await setUp({ LIBRARY_ITEMS: "1" });
  const { streams, world, says, begun } = test;
  world.leads = false;
  world.now = NIGHT;
  await says("another gateway");
  expect(streams.triggered).toEqual([]);
  world.leads = true;
  streams.put({ id: "abc", state: "running" });
  await begun(1);
  world.leads = false;
  await says("another gateway");
  streams.put({ id: "abc", state: "complete" });
  world.leads = true;
  await says("1 films were started");
  expect(streams.triggered).toHaveLength(1);
});

it("by hand it begins at any hour, and stops", async () => {
  await using test = await setUp();
  const { scan, streams, begun, says } = test;
  streams.put({ id: "abc", state: "running" });
  scan.start();
  await begun(1);
  scan.stop();
  await eventually("it is paused", () => streams.calls.includes("pause abc"));
  await says("waiting for the time");
});

it("the episode after a finished one that is watched is made next, once", async () => {
  await using test = await setUp();
  const { streams, deps, begun } = test;
  using episodes = makeNextEpisodes({
    ...deps,
    played: () => [{ streamId: "abc", itemId: id(1) }],
    profileOf: async () => PROFILE,
  });
  streams.put({ id: "abc", state: "running" });
  streams.put({ id: "abc", state: "complete" });
  episodes.look("abc");
  expect(await begun(1)).toEqual(["Show: Film 2 next"]);
  // As the one before, for whomever that was made.
  expect(streams.triggered[0]?.profile).toEqual(PROFILE);
});

it("the next episode is made although Jellyfin was away when the one before was finished", async () => {
  await using test = await setUp();
  const { fake, streams, deps, begun } = test;
  using episodes = makeNextEpisodes({
    ...deps,
    client: createJellyfinClient({ url: fake.url, apiKey: fake.apiKey, attempts: 1, openMs: 1 }),
    played: () => [{ streamId: "abc", itemId: id(1) }],
    profileOf: async () => PROFILE,
  });
  fake.behaviour.failWith = 503;
  streams.put({ id: "abc", state: "complete" });
  await eventually("it failed", () => deps.log.entries.some(({ level }) => level === "warn"));
  fake.behaviour.failWith = undefined;
  await eventually("the next report", () => {
    episodes.look("abc");
    return streams.triggered.length > 0;
  });
  expect(await begun(1)).toEqual(["Show: Film 2 next"]);
});
