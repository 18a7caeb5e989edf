import {
  eventually,
  makeFakeItem,
  makeFakeSession,
  makeManualClock,
  makeRecordingLog,
  ROOT_USER,
  startFakeJellyfin,
  TICKS_PER_SECOND,
  type FakeItem,
  type FakeJellyfin,
  type FakeSession,
} from "@upreel/testkit";
import { createJellyfinClient } from "@upreel/jellyfin";
import type { StreamView } from "@upreel/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createFakeStreams,
  type FakeStreams,
} from "../../../../../packages/streams/src/testing/fake-streams.ts";
import type { Playback } from "../../viewing/playback.ts";
import { createPlaybacks, type Playbacks } from "../../viewing/playbacks.ts";
import { createSwitcher, type Switcher } from "../../viewing/switcher.ts";
import { followSessions } from "./follow-sessions.ts";
import { proxiedPlayers } from "./proxied-players.ts";

const ID = "508bfcc390dc4acbd1826571a92d9968";
const SESSION = "ea7add84fe5d3afcd1cd1e2c8910092a";
const READY: Partial<StreamView> = {
  ...{ title: "Film", height: 720, durationSeconds: 360, leadSeconds: 30, advice: "upscaled" },
  ...{ readyRanges: [[0, 130]], expectedSpeed: 1 },
};

describe("a client that plays the original", () => {
  let jellyfin: FakeJellyfin;
  let streams: FakeStreams;
  let playbacks: Playbacks;
  let clock: ReturnType<typeof makeManualClock>;
  let switcher: Switcher;
  let tick: () => Promise<void>;
  let heated: unknown[];
  /** Of what the client will ask for. */
  let readiness: () => Promise<unknown>;

  beforeEach(async () => {
    const item = makeFakeItem({ id: ID, path: "/media/a.mkv" });
    jellyfin = await startFakeJellyfin({
      items: [item],
      sessions: [makeFakeSession({ id: SESSION, user: ROOT_USER, deviceId: "tv" })],
    });
    streams = createFakeStreams("/nowhere");
    clock = makeManualClock();
    playbacks = createPlaybacks(clock);
    const client = createJellyfinClient({ url: jellyfin.url, apiKey: jellyfin.apiKey });
    const log = makeRecordingLog();
    // It looks when the test says.
    switcher = createSwitcher({ streams, client, clock, log, everyMs: 1e9 });
    const follow = followSessions({ streams, playbacks });
    const players = proxiedPlayers({
      ...{ playbacks, client, clock, log },
      heat: async ({ streamId }, seconds) => {
        heated.push([streamId, seconds, jellyfin.remoteCalls.length]);
        // The film goes on meanwhile.
        plays(101);
        await readiness();
      },
    });
    switcher.add(players);
    heated = [];
    readiness = async () => undefined;
    tick = async () => {
      const askedAtMs = clock.nowMs();
      await client.sessions().then(
        (sessions) => follow(sessions, askedAtMs),
        () => undefined,
      );
      await switcher.look();
    };
    plays(100);
  });
  afterEach(async () => {
    switcher[Symbol.dispose]();
    await jellyfin[Symbol.asyncDispose]();
  });

  const plays = (seconds: number): void => {
    const [session] = jellyfin.sessions;
    const [item] = jellyfin.items;
    if (session === undefined || item === undefined) throw new Error("no session");
    session.playing = {
      ...{ item, positionTicks: seconds * TICKS_PER_SECOND, isPaused: false },
      ...{ playMethod: "DirectPlay", audioStreamIndex: 2, subtitleStreamIndex: 4 },
    };
  };
  const ask = (changes: Partial<Playback> = {}): void =>
    playbacks.begin({
      ...{ playSessionId: "p1", itemId: ID, viewer: "tv", client: "TV", sourceId: ID },
      ...{ film: undefined, streamId: "abc", shows: "original", whenReady: "switch" },
      ...{ reason: undefined, flags: {}, audioIndex: 1, subtitleIndex: -1 },
      ...changes,
    });
  const begin = (changes: Partial<Playback> = {}, seconds = 100): void => {
    ask(changes);
    playbacks.report("p1", { seconds, isPaused: false });
  };
  const calls = (): unknown[] =>
    jellyfin.remoteCalls.map(({ kind, query, body }) =>
      kind === "Playing" ? query : { kind, body },
    );

  it("is switched at its place, with its sound and subtitles, and told; once", async () => {
    streams.put({ id: "abc", ...READY });
    begin();
    await tick();
    await tick();
    expect(calls()).toEqual([
      {
        playCommand: "PlayNow",
        itemIds: ID,
        mediaSourceId: ID,
        startPositionTicks: "1010000000",
        audioStreamIndex: "2",
        subtitleStreamIndex: "4",
      },
      { kind: "Message", body: { Header: "Upreel", Text: "Upscaled to 720p", TimeoutMs: 8000 } },
    ]);
    // What it will ask for is there before it is told.
    expect(heated).toEqual([["abc", 100, 0]]);
    expect(playbacks.choiceOf("tv", ID)).toEqual({ shows: "upscaled" });
    // It gets the original once more: not again at once.
    begin();
    await tick();
    expect(calls()).toHaveLength(2);
    clock.advance(61_000);
    begin();
    await tick();
    expect(calls()).toHaveLength(4);
  });

  it("is told nothing before what it will ask for is there, and then at its place", async () => {
    streams.put({ id: "abc", ...READY });
    begin();
    readiness = () => new Promise(() => undefined);
    const ticking = tick();
    await eventually("it is made ready", () => heated.length > 0);
    clock.advance(5_000);
    await ticking;
    expect(calls()).toEqual([]);
    readiness = () => Promise.reject(new Error("the sound cannot be made"));
    await tick();
    expect(calls()).toEqual([]);
    // It jumps past what is made ready.
    readiness = async () => plays(117);
    await tick();
    expect(calls()).toEqual([]);
    readiness = async () => undefined;
    plays(100);
    await tick();
    expect(calls()[0]).toMatchObject({ startPositionTicks: "1010000000" });
    expect(heated).toHaveLength(4);
  });

  it.each<[string, Partial<StreamView>, Partial<Playback>, number]>([
    ["the lead is short", { readyRanges: [[0, 103]] }, {}, 100],
    ["its lead is short for what grows", { readyRanges: [[0, 107]], expectedSpeed: 2 }, {}, 100],
    ["what is made is elsewhere", { readyRanges: [[0, 60]] }, {}, 100],
    ["it would stall", { advice: "original" }, {}, 100],
    ["the film is nearly over", { readyRanges: [[0, 360]] }, {}, 310],
    ["it is not to be switched", {}, { whenReady: "nothing" }, 100],
  ])("is left alone where %s", async (_, status, playback, seconds) => {
    streams.put({ id: "abc", ...READY, ...status });
    begin(playback, seconds);
    await tick();
    expect(calls()).toEqual([]);
  });

  it("is given one order, also where one look outlasts the time until the next", async () => {
    streams.put({ id: "abc", ...READY });
    begin();
    const isReady = Promise.withResolvers<void>();
    readiness = () => isReady.promise;
    const looks = [tick(), tick()];
    await eventually("it is made ready", () => heated.length > 0);
    looks.push(tick());
    isReady.resolve();
    await Promise.all(looks);
    expect(calls()).toHaveLength(2);
  });

  it.each([
    [1, 104.5],
    [1.2, 104.5],
    [1.3, 109],
    [0.95, 113.5],
  ])("is switched at %s× by what a run is begun ahead of it for", async (expectedSpeed, to) => {
    streams.put({ id: "abc", ...READY, readyRanges: [[0, to]], expectedSpeed });
    begin();
    await tick();
    expect(calls()).toHaveLength(2);
  });

  it("is only told where the rules say `ask`", async () => {
    streams.put({ id: "abc", ...READY });
    begin({ whenReady: "tell" });
    await tick();
    await tick();
    expect(calls()).toMatchObject([
      { kind: "Message", body: { Text: "Film is ready upscaled to 720p" } },
    ]);
  });

  it("is asked for its place where no reports come by", async () => {
    streams.put({ id: "abc", ...READY });
    ask({ playSessionId: "p2" });
    await tick();
    expect(calls()).toEqual([]);
    clock.advance(16_000);
    await tick();
    expect(streams.calls).toEqual(["p2 at 100 of abc beside the original"]);
    await tick();
    expect(calls()).toMatchObject([{ playCommand: "PlayNow" }, { kind: "Message" }]);
    const [session] = jellyfin.sessions;
    if (session !== undefined) session.playing = undefined;
    clock.advance(16_000);
    await tick();
    expect(playbacks.open()).toEqual([]);
  });

  it.each<[string, (session: FakeSession, other: FakeItem) => void]>([
    ["is not listed any more", (session) => void (session.playing = undefined)],
    [
      "is listed with another film",
      ({ playing }, other) => void (playing !== undefined && (playing.item = other)),
    ],
  ])("has left when it %s, though it said nothing", async (_, change) => {
    streams.put({ id: "abc", ...READY, readyRanges: [] });
    begin();
    clock.advance(4_000);
    await tick();
    expect(playbacks.open()).toHaveLength(1);
    const [session] = jellyfin.sessions;
    if (session === undefined) throw new Error("no session");
    change(session, makeFakeItem({ id: "0".repeat(32), path: "/media/b.mkv" }));
    clock.advance(5_000);
    await tick();
    expect(playbacks.open()).toEqual([]);
    expect(streams.calls).toEqual(["p1 left abc"]);
  });

  it("waits out a Jellyfin that is away", async () => {
    streams.put({ id: "abc", ...READY });
    begin();
    jellyfin.behaviour.failWith = 404;
    await tick();
    jellyfin.behaviour.failWith = undefined;
    await tick();
    expect(calls()).toHaveLength(2);
  });
});
