import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  eventually,
  makeFakeItem,
  makeFakeSession,
  makeRecord,
  makeRecordingLog,
  makeTempFolder,
  ROOT_USER,
  startFakeJellyfin,
  type FakeJellyfin,
} from "@upreel/testkit";
import { createJellyfinClient, createPathFinder, createWatching } from "@upreel/jellyfin";
import type { StreamRecord } from "@upreel/core";
import { expect, it } from "vitest";
import { parseSettings } from "../../config/parse-settings.ts";
import { createFakeStreams } from "../../../../../packages/streams/src/testing/fake-streams.ts";
import { writeStrmFolder } from "./strm-folder.ts";
import { createStrmLibrary } from "./strm-library.ts";
import { createStrmPlace, type StrmPlace } from "./strm-place.ts";
import { createSwitcher } from "../../viewing/switcher.ts";
import { seenPlayers } from "../seen-players.ts";

const STREAM = "abcdefghij234567abcdefghij";
const UPSCALED = "a".repeat(32);
const ORIGINAL = "b".repeat(32);
const SESSION = "c".repeat(32);
/** It never stops looking: how long Jellyfin takes to find a file is up to the machine. */
const TIMING = { settleMs: 1, lookEveryMs: 5, looks: Infinity, refreshEveryMs: 0 };

/** A server with an empty library of the folder, a gateway's parts in front of it. */
async function setUp(onPlay: string, place: "folder" | "source" = "folder", timing = TIMING) {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await makeTempFolder());
  const strmDir = join(folder.path, "strm");
  const films = join(folder.path, "films");
  await mkdir(films);
  const item = makeFakeItem({ id: ORIGINAL, path: "/media/movies/Film.mkv" });
  const session = makeFakeSession({ id: SESSION, user: ROOT_USER });
  session.playing = {
    item,
    positionTicks: 600_000_000,
    isPaused: false,
    playMethod: "DirectPlay",
    audioStreamIndex: 1,
    subtitleStreamIndex: -1,
  };
  const fake = stack.use(await startFakeJellyfin({ items: [item], sessions: [session] }));
  const library = { id: "d".repeat(32), name: "Upscaled", collectionType: "movies" as const };
  fake.libraries.push({ ...library, locations: ["/upscaled"] });
  const config = parseSettings(
    {
      ...{ STRM_DIR: place === "source" ? place : strmDir, DATA_DIR: folder.path },
      ...{ PATH_MAP: `/upscaled=${strmDir};/media/movies=${films}`, ON_PLAY: onPlay },
    },
    {},
    folder.path,
  );
  const client = createJellyfinClient({ url: fake.url, apiKey: fake.apiKey });
  const streams = createFakeStreams(folder.path);
  const log = makeRecordingLog();
  const watching = createWatching({
    films: {
      start: async () => ({ kind: "stream", id: STREAM }),
      reportPlayhead: () => undefined,
      viewerLeft: () => undefined,
    },
    paths: createPathFinder(client, { nowMs: () => 0 }),
    clock: { nowMs: () => performance.now() },
    log,
    isToldElsewhere: () => false,
    onOutcome: () => undefined,
  });
  const placeFor = (publicUrl: string): StrmPlace =>
    createStrmPlace(config, streams.records, config.jellyfin.strmDir ?? "", publicUrl);
  const elsewhere: StreamRecord[] = [];
  const besides = async () => elsewhere;
  const parts = { config, client, streams, log, besides, leads: () => true };
  const strm = stack.use(
    createStrmLibrary(
      { ...parts, onItem: () => undefined },
      placeFor("http://upreel:5000"),
      timing,
    ),
  );
  const clock = { nowMs: () => performance.now() };
  const switcher = stack.use(createSwitcher({ streams, client, clock, log, everyMs: 20 }));
  switcher.add(
    seenPlayers({
      ...{ config, watching },
      libraryOf: async () => undefined,
      itemOf: (id) => strm.itemOf(id),
      ownSoundOf: async () => 1,
      isComing: (id) => strm.isComing(id),
    }),
  );
  return {
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
    ...{ strmDir, films, fake, streams, elsewhere, placeFor },
    warnings: () => log.entries.filter(({ level }) => level === "warn").map((each) => each.message),
    pathPlayed: () => watching.current()[0]?.sighting.path,
    strm,
    session,
    watch: async () => watching.noteSessions(await client.sessions(), performance.now()),
  };
}

const count = (fake: FakeJellyfin, end: string): number =>
  fake.requests.filter(({ url }) => url.split("?")[0]?.endsWith(end)).length;

async function foundByJellyfin(fake: FakeJellyfin, strmDir: string): Promise<void> {
  await eventually("the library is refreshed", () => count(fake, "/Refresh") > 0);
  // It may just be being written again, under another name at first.
  const name = await eventually("the file is complete", async () =>
    (await readdir(strmDir)).find((each) => each.endsWith(".strm")),
  );
  fake.items.push(
    makeFakeItem({ id: UPSCALED, path: `/upscaled/${name}`, libraryId: "d".repeat(32) }),
  );
}

it("a stream has one file, is found and probed once, and takes its file along", async () => {
  await using test = await setUp("ask");
  const { strmDir, fake, streams, strm } = test;
  streams.put({ id: STREAM, title: "A: Film/2", segmentsReady: 0 });
  const file = await eventually("the file is there", async () =>
    (await readdir(strmDir)).find((name) => !name.endsWith(".part")),
  );
  expect(file).toBe(`A Film 2 [upreel-${STREAM.slice(0, 10)}].strm`);
  expect(await readFile(join(strmDir, file), "utf8")).toBe(
    `http://upreel:5000/hls/${STREAM}/stream.m3u8?absolute\n`,
  );
  expect(count(fake, "/Refresh")).toBe(0);
  await writeFile(join(strmDir, "mine.strm"), "");

  streams.put({ id: STREAM, title: "A: Film/2", segmentsReady: 1 });
  await foundByJellyfin(fake, strmDir);
  await eventually("it is known", () => strm.itemOf(STREAM));
  streams.put({ id: STREAM, title: "A: Film/2", state: "complete" });
  await streams.remove(STREAM);
  await eventually("the file is gone", async () => (await readdir(strmDir)).length === 1);
  expect(await readdir(strmDir)).toEqual(["mine.strm"]);
  expect(count(fake, "/PlaybackInfo")).toBe(1);
});

it("a stream that Jellyfin does not find holds up no other one's file", async () => {
  await using test = await setUp("ask");
  const { strmDir, fake, streams } = test;
  streams.put({ id: STREAM, title: "Film", segmentsReady: 1 });
  await eventually("it is looked for", () => count(fake, "/Refresh") > 0);
  streams.put({ id: "b".repeat(26), title: "Another", segmentsReady: 0 });
  await eventually("both have one", async () => (await readdir(strmDir)).length === 2);
});

/** When the files have been written once more, and Jellyfin was then asked for items a few times. */
async function lookedAgain(fake: FakeJellyfin): Promise<void> {
  const before = count(fake, "/VirtualFolders");
  await eventually("it is looked again", () => count(fake, "/VirtualFolders") > before);
  const looks = count(fake, "/Items");
  await eventually("for items, too", () => count(fake, "/Items") > looks + 2);
}

it("news of streams refresh no library without a new file", async () => {
  await using test = await setUp("ask");
  const { fake, streams } = test;
  streams.put({ id: STREAM, title: "Film", segmentsReady: 1 });
  await eventually("it is looked for", () => count(fake, "/Refresh") > 0);
  streams.put({ id: "b".repeat(26), title: "Another", segmentsReady: 0 });
  await lookedAgain(fake);
  expect(count(fake, "/Refresh")).toBe(1);
  streams.put({ id: "b".repeat(26), title: "Another", segmentsReady: 1 });
  await eventually("it is refreshed for the other", () => count(fake, "/Refresh") > 1);
});

it("of files that come one after the other a library is refreshed at once for the first alone", async () => {
  await using test = await setUp("ask", "folder", { ...TIMING, refreshEveryMs: 3600_000 });
  const { fake, streams } = test;
  streams.put({ id: STREAM, title: "Film", segmentsReady: 1 });
  await eventually("it is looked for", () => count(fake, "/Refresh") > 0);
  streams.put({ id: "b".repeat(26), title: "Another", segmentsReady: 1 });
  await lookedAgain(fake);
  expect(count(fake, "/Refresh")).toBe(1);
});

it("a library is refreshed for a later file once it may be, without more news", async () => {
  await using test = await setUp("ask", "folder", { ...TIMING, looks: 1, refreshEveryMs: 50 });
  const { fake, streams } = test;
  streams.put({ id: STREAM, title: "Film", segmentsReady: 1 });
  await eventually("it is looked for", () => count(fake, "/Refresh") > 0);
  streams.put({ id: "b".repeat(26), title: "Another", segmentsReady: 1 });
  await eventually("it is refreshed for the other", () => count(fake, "/Refresh") > 1);
});

it("a stream that another gateway has keeps its file, until it is deleted", async () => {
  await using test = await setUp("ask");
  const { strmDir, streams, elsewhere } = test;
  streams.put({ id: STREAM, title: "Film", segmentsReady: 0 });
  await eventually("the file is there", async () => (await readdir(strmDir)).length === 1);
  elsewhere.push(makeRecord({ id: STREAM, title: "Film" }));
  await streams.remove(STREAM);
  const another = { id: "b".repeat(26), title: "Another", segmentsReady: 0 };
  streams.put(another);
  await eventually("it was looked again", async () => (await readdir(strmDir)).length === 2);
  elsewhere.length = 0;
  streams.put({ ...another, segmentsReady: 1 });
  await eventually("the file is gone", async () => (await readdir(strmDir)).length === 1);
});

it.each(["folder", "source"] as const)(
  "of two gateways with addresses of their own, files in a %s name that of the one that leads",
  async (place) => {
    await using test = await setUp("ask", place);
    const { streams, strmDir, films, placeFor } = test;
    const source = join(films, "Film.mkv");
    const file = { path: source, sizeBytes: 1, modifiedMs: 1 };
    await streams.records.save(makeRecord({ id: STREAM, file }));
    const stream = { id: STREAM, title: "Film", state: "running" } as const;
    const [a, b] = [placeFor("http://a:5000"), placeFor("http://b:5000")];
    await a.write([stream], false);
    const folder = place === "folder" ? strmDir : films;
    const [name = ""] = await readdir(folder);
    const address = async (): Promise<string> =>
      new URL(await readFile(join(folder, name), "utf8")).host;
    expect(await address()).toBe("a:5000");
    await b.write([stream], false);
    expect(await address()).toBe("a:5000");
    await b.write([stream], true);
    expect(await address()).toBe("b:5000");
    await a.write([stream], false);
    expect(await address()).toBe("b:5000");
  },
);

it("beside a film it is a version of the film, which clients are switched to", async () => {
  await using test = await setUp("automatic", "source");
  const { films, fake, streams, strm, session } = test;
  const source = join(films, "Film.mkv");
  const record = makeRecord({ id: STREAM, file: { path: source, sizeBytes: 1, modifiedMs: 1 } });
  await streams.records.save(record);
  await test.watch();
  const playing = { id: STREAM, durationSeconds: 360, expectedSpeed: 1, segmentsReady: 9 };
  streams.put({ ...playing, advice: "upscaled", readyRanges: [[0, 63]] });
  await eventually("the library is refreshed", () => count(fake, "/Refresh") > 0);
  const file = join(films, "Film - Upscaled.strm");
  const url = (await readFile(file, "utf8")).trim();
  const path = "/media/movies/Film - Upscaled.strm";
  fake.items.push(makeFakeItem({ id: UPSCALED, primaryId: ORIGINAL, path, url }));
  await eventually("it is known", () => strm.itemOf(STREAM));
  expect(strm.itemOf(STREAM)).toEqual({ itemId: ORIGINAL, mediaSourceId: UPSCALED });
  expect(fake.requests.map(({ url: asked }) => asked)).toContain(`/Items/${UPSCALED}/PlaybackInfo`);
  streams.put({ ...playing, advice: "upscaled", readyRanges: [[0, 90]] });
  await eventually("it is told to play", () => fake.remoteCalls.length > 0);
  expect(fake.remoteCalls[0]?.query).toMatchObject({ itemIds: ORIGINAL, mediaSourceId: UPSCALED });

  // Whoever plays the version plays the stream.
  if (session.playing !== undefined) session.playing.mediaSourceId = UPSCALED;
  await test.watch();
  await eventually("its path is known", () => test.pathPlayed() === url);
  await streams.remove(STREAM);
  await eventually(
    "the file is gone",
    async () => !(await readdir(films)).includes(basename(file)),
  );
});

it("beside films of a disk that cannot be written to none is looked for, and that is said once", async () => {
  await using test = await setUp("automatic", "source");
  const { fake, streams, strm, warnings, films } = test;
  const put = async (id: string, source: string): Promise<void> => {
    await streams.records.save(
      makeRecord({ id, file: { path: source, sizeBytes: 1, modifiedMs: 1 } }),
    );
    streams.put({ id, segmentsReady: 9 });
  };
  await put(STREAM, "/sys/kernel/Film.mkv");
  await eventually("it is said", () => warnings().length > 0);
  expect(strm.isComing(STREAM)).toBe(false);
  await put("bbcdefghij234567abcdefghij", "/sys/kernel/Other.mkv");
  // Films of other disks have theirs.
  await put("cbcdefghij234567abcdefghij", join(films, "Film.mkv"));
  await eventually("the library is refreshed", () => count(fake, "/Refresh") > 0);
  await eventually("it is looked for", () => strm.isComing("cbcdefghij234567abcdefghij"));
  expect(strm.isComing("bbcdefghij234567abcdefghij")).toBe(false);
  expect(warnings()).toEqual([expect.stringContaining("set STRM_DIR to a folder of its own")]);
});

it("a client that plays the original is switched once the lead is enough", async () => {
  await using test = await setUp("automatic");
  const { strmDir, fake, streams, strm } = test;
  await test.watch();
  const playing = { id: STREAM, durationSeconds: 360, expectedSpeed: 1, segmentsReady: 9 };
  streams.put({ ...playing, advice: "upscaled", readyRanges: [[0, 63]] });
  await foundByJellyfin(fake, strmDir);
  await eventually("it is known", () => strm.itemOf(STREAM));
  expect(fake.remoteCalls).toEqual([]);
  streams.put({ ...playing, advice: "original", readyRanges: [[0, 90]] });
  streams.put({ ...playing, advice: "upscaled", readyRanges: [[0, 90]] });
  streams.put({ ...playing, advice: "upscaled", readyRanges: [[0, 100]] });
  await eventually("it is told to play", () => fake.remoteCalls.length > 0);
  expect(fake.remoteCalls).toMatchObject([
    {
      sessionId: SESSION,
      kind: "Playing",
      query: { playCommand: "PlayNow", itemIds: UPSCALED, startPositionTicks: "600000000" },
    },
  ]);
});

it.each([
  ["ask", -1],
  ["automatic", 3],
])(
  "with %s and the subtitle %i a message says where it can be watched",
  async (onPlay, subtitle) => {
    await using test = await setUp(onPlay);
    const { strmDir, fake, streams, strm, session } = test;
    if (session.playing !== undefined) session.playing.subtitleStreamIndex = subtitle;
    await test.watch();
    streams.put({ id: STREAM, title: "Film", segmentsReady: 9 });
    await foundByJellyfin(fake, strmDir);
    await eventually("it is known", () => strm.itemOf(STREAM));
    streams.put({ id: STREAM, durationSeconds: 360, state: "complete", height: 720 });
    await eventually("it is told", () => fake.remoteCalls.length > 0);
    expect(fake.remoteCalls).toMatchObject([
      {
        kind: "Message",
        body: { Text: "Film is ready upscaled to 720p: in the library Upscaled", TimeoutMs: 8000 },
      },
    ]);
  },
);

it("a title of any length and script gives a file name", async () => {
  await using folder = await makeTempFolder();
  const titles = ["映".repeat(150), "..", "a/b", "🎬".repeat(100)];
  const streams = titles.map((title, n) => ({
    title,
    id: `${"abcd"[n]}bcdefghij234567abcdefghij`,
  }));
  await writeStrmFolder(folder.path, streams, (id) => id);
  const names = await readdir(folder.path);
  expect(names).toHaveLength(titles.length);
  expect(names).toContain("film [upreel-bbcdefghij].strm");
});
