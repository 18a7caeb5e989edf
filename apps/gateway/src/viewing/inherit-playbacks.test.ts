import { join } from "node:path";
import { eventually, makeManualClock, makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createFakeStreams } from "../../../../packages/streams/src/testing/fake-streams.ts";
import { peerFolder } from "../config/peer-folder.ts";
import { inheritPlaybacks } from "./inherit-playbacks.ts";
import type { Playback } from "./playback.ts";
import { createPlaybacks } from "./playbacks.ts";
import { PLAYBACKS_FILE, rememberPlaybacks } from "./remember-playbacks.ts";

const [A, B] = ["http://a:5000", "http://b:5000"];
const WAY_BACK = "/videos/item/main.m3u8?ApiKey=of-the-client";

const playbackOf = (viewer: string, change: Partial<Playback> = {}) => ({
  ...{ playSessionId: `of ${viewer}`, itemId: "i", viewer, client: viewer, sourceId: "i" },
  ...{ film: { path: "/a.mkv", title: "A" }, streamId: "abc", shows: "upscaled" as const },
  ...{ whenReady: "nothing" as const, reason: undefined, flags: {} },
  ...{ audioIndex: 1, subtitleIndex: -1, ...change },
});

/** Gateway A had a TV that plays stream "abc", and a phone that plays another one. It is gone. */
async function playByA(dataDir: string): Promise<void> {
  const playbacks = createPlaybacks(makeManualClock());
  const file = join(peerFolder(dataDir, A), PLAYBACKS_FILE);
  await using _ = await rememberPlaybacks(playbacks, file, makeRecordingLog());
  playbacks.begin(playbackOf("tv"));
  playbacks.begin(playbackOf("phone", { streamId: "other" }));
  playbacks.keepWayBack("of tv", Promise.resolve(WAY_BACK));
  await playbacks.wayBackOf("of tv");
  playbacks.report("of tv", { seconds: 7, isPaused: false });
}

/** Gateway B, which counts A as here until it is told otherwise. */
async function openB() {
  const folder = await makeTempFolder();
  const dataDir = folder.path;
  await playByA(dataDir);
  const streams = createFakeStreams(dataDir);
  const clock = makeManualClock();
  const playbacks = createPlaybacks(clock);
  const world = { living: [A], looks: 0 };
  const leases = {
    get others() {
      world.looks += 1;
      return world.living;
    },
  };
  const parts = { streams, leases, dataDir, ownDir: peerFolder(dataDir, B) };
  const inheriting = inheritPlaybacks(playbacks, { ...parts, log: makeRecordingLog() }, 10);
  return {
    ...{ streams, clock, playbacks, world },
    /** It has looked at what lies there now. */
    looked: async () => {
      const before = world.looks;
      await eventually("it has looked", () => world.looks > before + 1);
    },
    async [Symbol.asyncDispose]() {
      inheriting[Symbol.dispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

it("a gateway that takes a film over knows who watches it, where, and the way back to the original", async () => {
  await using b = await openB();
  b.streams.put({ id: "abc" });
  await b.looked();
  expect(b.playbacks.open()).toEqual([]);
  b.world.living = [];
  await eventually("the TV is known", () => b.playbacks.find("of tv") !== undefined);
  expect(await b.playbacks.wayBackOf("of tv")).toBe(WAY_BACK);
  expect(b.playbacks.find("of tv")?.report?.seconds).toBe(7);
  // Its film is another gateway's.
  expect(b.playbacks.find("of phone")).toBeUndefined();
});

it.each(["i", "another film"])(
  "what a device plays by this gateway since then stays what it plays: %s",
  async (itemId) => {
    await using b = await openB();
    b.world.living = [];
    b.clock.advance(1_000);
    b.playbacks.begin(playbackOf("tv", { playSessionId: "newer", itemId, shows: "original" }));
    b.streams.put({ id: "abc" });
    await b.looked();
    await b.looked();
    expect(b.playbacks.latest("tv")?.playback.playSessionId).toBe("newer");
  },
);

it("of whom nothing was heard for long, that one is not known", async () => {
  await using b = await openB();
  b.world.living = [];
  b.clock.advance(3_600_000);
  b.streams.put({ id: "abc" });
  await b.looked();
  expect(b.playbacks.find("of tv")).toBeUndefined();
});
