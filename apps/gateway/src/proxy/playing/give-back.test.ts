import {
  makeFakeItem,
  makeFakeSession,
  makeManualClock,
  makeRecordingLog,
  ROOT_USER,
  startFakeJellyfin,
  TICKS_PER_SECOND,
  type FakeJellyfin,
} from "@upreel/testkit";
import { told, type StreamView } from "@upreel/core";
import { createJellyfinClient } from "@upreel/jellyfin";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createFakeStreams,
  type FakeStreams,
} from "../../../../../packages/streams/src/testing/fake-streams.ts";
import { createGiveBack } from "./give-back.ts";
import { createPlaybacks, type Playbacks } from "../../viewing/playbacks.ts";
import { createRemoteControl } from "../../viewing/remote-control.ts";

const ID = "508bfcc390dc4acbd1826571a92d9968";
const PLAYED: Partial<StreamView> = {
  durationSeconds: 360,
  leadSeconds: 0,
  segmentsReady: 50,
};

describe("a client whose stream fails in mid-play", () => {
  let jellyfin: FakeJellyfin;
  let streams: FakeStreams;
  let playbacks: Playbacks;
  let clock: ReturnType<typeof makeManualClock>;

  beforeEach(async () => {
    const item = makeFakeItem({ id: ID, path: "/media/a.mkv" });
    const session = makeFakeSession({ id: "e".repeat(32), user: ROOT_USER, deviceId: "tv" });
    session.playing = {
      ...{ item, positionTicks: 100 * TICKS_PER_SECOND, isPaused: false },
      ...{ playMethod: "Transcode", audioStreamIndex: 3, subtitleStreamIndex: 4 },
    };
    jellyfin = await startFakeJellyfin({ items: [item], sessions: [session] });
    streams = createFakeStreams("/nowhere");
    clock = makeManualClock();
    playbacks = createPlaybacks(clock);
    playbacks.begin({
      ...{ playSessionId: "p1", itemId: ID, viewer: "tv", client: "TV", sourceId: ID },
      ...{ film: undefined, streamId: "abc", shows: "upscaled", whenReady: "nothing" },
      ...{ reason: undefined, flags: {}, audioIndex: 3, subtitleIndex: 4 },
    });
    playbacks.report("p1", { seconds: 100, isPaused: false });
  });
  afterEach(() => jellyfin[Symbol.asyncDispose]());

  const start = (apiKey: string | undefined) => {
    const connect = (token: string) => createJellyfinClient({ url: jellyfin.url, apiKey: token });
    const own = apiKey === undefined ? undefined : connect(apiKey);
    const remoteOf = createRemoteControl(own, connect);
    const log = makeRecordingLog();
    return createGiveBack({ streams, playbacks, clock, log, remoteOf });
  };
  const orders = () => jellyfin.remoteCalls.map(({ kind, query }) => [kind, query]);
  const SENT_BACK = [
    [
      "Playing",
      {
        ...{ playCommand: "PlayNow", itemIds: ID, mediaSourceId: ID },
        ...{ startPositionTicks: "1000000000", audioStreamIndex: "3", subtitleStreamIndex: "4" },
      },
    ],
    ["Message", {}],
  ];

  it.each<[string, () => unknown, string]>([
    [
      "failed, though it is tried again and again",
      async () => {
        const reason = { code: "disk_full", message: "the disk is full" } as const;
        streams.put({ id: "abc", ...PLAYED, state: "failed", reason });
        streams.put({ id: "abc", ...PLAYED, state: "queued", reason: undefined });
      },
      "the disk is full",
    ],
    ["is gone", () => streams.remove("abc"), "its stream was deleted"],
    [
      "cannot hold",
      () =>
        streams.put({
          id: "abc",
          ...PLAYED,
          advice: "original",
          adviceTold: told("advice_too_slow"),
        }),
      "This computer is too slow for this film.",
    ],
  ])("is sent back at its place when it %s", async (_, happens, message) => {
    streams.put({ id: "abc", ...PLAYED });
    using giveBack = start(jellyfin.apiKey);
    await happens();
    await giveBack.tick();
    expect(orders()).toEqual([]);
    clock.advance(11_000);
    await giveBack.tick();
    await giveBack.tick();
    expect(orders()).toEqual(SENT_BACK);
    expect(playbacks.choiceOf("tv", ID)).toMatchObject({ shows: "original", reason: { message } });
  });

  it("is sent back to where it jumped, though it has not reported that yet", async () => {
    streams.put({ id: "abc", ...PLAYED, state: "failed" });
    streams.viewersAt.set("abc p1", 590);
    using giveBack = start(jellyfin.apiKey);
    await giveBack.tick();
    clock.advance(11_000);
    await giveBack.tick();
    expect(orders()).toMatchObject([
      ["Playing", { startPositionTicks: "5900000000" }],
      ["Message", {}],
    ]);
  });

  it("is sent back when nothing of it is made any more", async () => {
    streams.put({ id: "abc", ...PLAYED });
    using giveBack = start(jellyfin.apiKey);
    streams.put({ id: "abc", ...PLAYED, segmentsReady: 51 });
    for (let second = 0; second < 35; second += 5) {
      await giveBack.tick();
      clock.advance(5_000);
    }
    expect(orders()).toEqual(SENT_BACK);
  });

  it.each<[string, Partial<StreamView>, boolean]>([
    ["has a lead still", { state: "failed", leadSeconds: 20 }, false],
    ["is complete", { state: "complete" }, false],
    ["is paused", { state: "failed" }, true],
  ])("is left alone while it %s", async (_, status, isPaused) => {
    using giveBack = start(jellyfin.apiKey);
    streams.put({ id: "abc", ...PLAYED, ...status });
    playbacks.report("p1", { seconds: 100, isPaused });
    for (let tick = 0; tick < 4; tick += 1) {
      await giveBack.tick();
      clock.advance(11_000);
    }
    expect(orders()).toEqual([]);
  });

  it("is left to the gateway that has its stream now", async () => {
    streams.put({ id: "abc", ...PLAYED });
    using giveBack = start(jellyfin.apiKey);
    streams.leave("abc");
    for (let tick = 0; tick < 4; tick += 1) {
      await giveBack.tick();
      clock.advance(11_000);
    }
    expect(orders()).toEqual([]);
    streams.put({ id: "abc", ...PLAYED, state: "failed" });
    for (let tick = 0; tick < 2; tick += 1) {
      await giveBack.tick();
      clock.advance(11_000);
    }
    expect(orders()).toEqual(SENT_BACK);
  });

  it("is sent back in its own name where there is no API key", async () => {
    using giveBack = start(undefined);
    streams.put({ id: "abc", ...PLAYED, state: "failed" });
    await giveBack.tick();
    clock.advance(11_000);
    await giveBack.tick();
    expect(orders()).toEqual([]);
    const url = `/videos/${ID}/master.m3u8?a=b&api_key=${ROOT_USER.token}`;
    playbacks.keepWayBack("p1", Promise.resolve(url));
    await playbacks.wayBackOf("p1");
    await giveBack.tick();
    expect(orders()).toEqual(SENT_BACK);
    const { headers } = jellyfin.requests.at(-1) ?? {};
    expect(headers?.["authorization"]).toContain(ROOT_USER.token);
  });
});
