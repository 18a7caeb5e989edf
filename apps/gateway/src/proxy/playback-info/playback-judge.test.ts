import { leasesAway } from "@upreel/core";
import { playbackAnswerSchema, readPlaybackRequest } from "@upreel/jellyfin";
import { makeManualClock, makeRecordingLog, recordedExchange } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createFakeStreams } from "../../../../../packages/streams/src/testing/fake-streams.ts";
import { createAnswerDeadline } from "./answer-deadline.ts";
import type { JudgeDeps } from "./begin-film.ts";
import { judgePlayback } from "./playback-judge.ts";
import { createPlaybacks } from "../../viewing/playbacks.ts";
import { createStartTimes } from "./start-times.ts";

const recorded = recordedExchange("05-playbackinfo");
const answer = playbackAnswerSchema.parse(recorded.response.body);
const request = readPlaybackRequest("/", JSON.stringify(recorded.request.body));
const asker = { viewer: "tv", client: "TV", itemId: "a", askedAtMs: 0 };

function setUp(changes: Partial<JudgeDeps> = {}) {
  const clock = makeManualClock(0);
  const streams = createFakeStreams("/nowhere");
  streams.put({
    id: "abc",
    durationSeconds: 360,
    framesTotal: 9_000,
    segmentsTotal: 180,
    readyRanges: [[0, 360]],
    advice: "upscaled",
  });
  const playbacks = createPlaybacks(clock);
  const answerBy = createAnswerDeadline(clock, { answerMs: 1_500, lagMs: () => 0 });
  const deps: JudgeDeps = {
    ...{ streams, playbacks, answerBy, log: makeRecordingLog(), answerMs: 1_500, proofMs: 3_000 },
    openFilm: async () => "abc",
    keptElsewhere: async () => undefined,
    foresee: async () => undefined,
    wishes: [],
    outputSize: async (input) => ({ width: 2 * input.width, height: 2 * input.height }),
    describe: async (situation) => situation,
    yieldTo: () => undefined,
    onPlay: [{ mode: "automatic" }],
    start: [],
    maxOutputHeight: 2160,
    startTimes: createStartTimes(streams, clock),
    ...changes,
  };
  const judgeFor = (given: typeof request) => {
    if (given === undefined) throw new Error("no request");
    return judgePlayback(deps, asker, given, answer, answerBy(0));
  };
  const judge = () => judgeFor(request);
  return { clock, streams, deps, judge, judgeFor };
}

it("answers with the upscaled film where all of it is there", async () => {
  expect(await setUp().judge()).toMatchObject({ kind: "upscale", streamId: "abc" });
});

it("has the film made as the rule for its viewer wishes, from the first look on", async () => {
  const wish = { model: "fast", target_height: 720 };
  const wishes = [
    { user: "nobody", wish: { quality: 40 } },
    { client: "TV", wish },
  ];
  const asked: unknown[] = [];
  const { judge } = setUp({
    wishes,
    foresee: async (_path, _from, wished) => void asked.push(wished),
    openFilm: async (film) => {
      asked.push(film.wish);
      return "abc";
    },
  });
  const verdict = await judge();
  expect(asked).toEqual([wish, wish]);
  // What is begun again later is this stream.
  expect(verdict.candidate?.wish).toEqual(wish);
});

/** A client that takes pictures of at most so many lines. */
const upTo = (lines: number): typeof request =>
  request && {
    ...request,
    DeviceProfile: {
      ...request.DeviceProfile,
      CodecProfiles: [
        {
          Type: "Video",
          Codec: "h264",
          Conditions: [{ Condition: "LessThanEqual", Property: "Height", Value: String(lines) }],
        },
      ],
    },
  };

it.each([
  // What all get fits: it is shared.
  [1080, 1080, {}],
  [1081, 1080, {}],
  [1000, 1080, { target_height: 720 }],
  [480, 1080, { target_height: 480 }],
])("a client of %i lines gets no more of a film of %i", async (lines, made, wish) => {
  const wished: unknown[] = [];
  const { judgeFor } = setUp({
    outputSize: async () => ({ width: (made * 16) / 9, height: made }),
    foresee: async (_path, _from, wanted) => void wished.push(wanted),
  });
  await judgeFor(upTo(lines));
  expect(wished).toEqual([wish]);
});

it("does not blame the file where nobody can tell which gateway has its stream", async () => {
  const { judge } = setUp({ keptElsewhere: () => Promise.reject(leasesAway("abc")) });
  expect(await judge()).toMatchObject({
    kind: "pass",
    reason: { code: "stream_failed", message: leasesAway("abc").message },
  });
  const { judge: judgeUnread } = setUp({
    foresee: () => Promise.reject(new Error("no such file")),
  });
  expect(await judgeUnread()).toMatchObject({ reason: { code: "file_not_readable" } });
});

it("a film that fills the screen already is left to Jellyfin", async () => {
  const { judge } = setUp({ outputSize: async () => undefined });
  expect(await judge()).toMatchObject({ kind: "pass", reason: { code: "already_large" } });
});

/** What a machine, a disk or a server keeps an answer waiting for. */
const held = Promise.withResolvers<never>();
it.each<[string, Partial<JudgeDeps>]>([
  ["Jellyfin's names of user and library", { describe: () => held.promise }],
  ["a look at the file", { foresee: () => held.promise }],
  ["the beginning of the stream", { openFilm: () => held.promise }],
])("answers with the original in time where %s does not end", async (_, changes) => {
  const { clock, judge } = setUp(changes);
  const judging = judge();
  let verdict: unknown;
  void judging.then((given) => (verdict = given));
  clock.advance(1_449);
  await new Promise(setImmediate);
  expect(verdict).toBeUndefined();
  clock.advance(1);
  expect(await judging).toMatchObject({ kind: "pass", reason: { code: "not_ready_in_time" } });
});

it("nor does a disk keep it waiting that does not tell how large the segments are", async () => {
  const { clock, judge, streams } = setUp();
  await streams.publish("abc", 0, Buffer.alloc(188));
  streams.folder = () => held.promise;
  const judging = judge();
  await new Promise(setImmediate);
  clock.advance(1_500);
  expect(await judging).toMatchObject({ kind: "pass", reason: { code: "not_ready_in_time" } });
});

it("tells later what became of it", async () => {
  const opened = Promise.withResolvers<string>();
  const { clock, judge, streams } = setUp({ openFilm: () => opened.promise });
  const judging = judge();
  await new Promise(setImmediate);
  clock.advance(1_500);
  const verdict = await judging;
  opened.resolve("abc");
  expect(verdict.kind === "pass" && (await verdict.later)).toMatchObject({
    ...{ kind: "upscale", streamId: "abc", mode: "automatic" },
  });
  // Its player has said by now where it is.
  expect(streams.calls).toEqual([]);
});

it("waits longer where somebody wishes to see it upscaled", async () => {
  const { clock, judge } = setUp({ openFilm: () => held.promise, start: [{ mode: "upscaled" }] });
  let verdict: unknown;
  const judging = judge().then((given) => (verdict = given));
  await new Promise(setImmediate);
  clock.advance(2_949);
  await new Promise(setImmediate);
  expect(verdict).toBeUndefined();
  clock.advance(1);
  expect(await judging).toMatchObject({ reason: { code: "not_ready_in_time" } });
});
