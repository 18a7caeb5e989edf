import { UpreelError, type Scan, type Source } from "@upreel/core";
import { eventually } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import { agreeingSegments } from "./review-plan.ts";
import { makeWorld } from "./testing/fake-world.ts";
import { OUTPUT, TIMELINE, film, source, timelineOf } from "./testing/films.ts";

const PROVISIONAL = { ...TIMELINE, isProvisional: true };
/** From its second half on the clock of the source is another one. */
const JOINED = {
  ...timelineOf(14),
  pieces: [
    { firstFrame: 0, clockMicros: 0, stillFrom: 60 },
    { firstFrame: 60, clockMicros: 500, stillFrom: 168 },
  ],
};

/** The film with what looking at its fields found. */
function taken(scan: Scan): Source {
  const plain = source(film("a").file.path);
  return { ...plain, video: { ...plain.video, scan } };
}

/** A film that is planned by its first part; `tell` says what all of it is like. */
async function provisionalFilm() {
  const world = await makeWorld();
  world.timeline = PROVISIONAL;
  const { promise, resolve: tell } = Promise.withResolvers<typeof TIMELINE>();
  world.wholeTimeline = () => promise;
  const { id } = await world.streams.trigger(film("a"));
  return { world, id, tell, first: await world.run(0) };
}

/** So many that all of the film is read. */
function publishFirst(world: Awaited<ReturnType<typeof makeWorld>>, id: string): void {
  for (const k of [0, 1, 2, 3]) world.folder(id).publish(k);
}

describe("a film that is planned by its first part", () => {
  it("goes on as it began where all of it says the same, but is complete only then", async () => {
    const { world, id, tell, first } = await provisionalFilm();
    await using _ = world;
    first.finish();
    await eventually("its last segment", () => world.folder(id).ready.size === 10);
    expect(world.folder(id).calls).not.toContain("makeArchive");
    tell(TIMELINE);
    await world.state(id, "complete");
    expect(world.runs).toHaveLength(1);
    expect(world.folder(id).saved.at(-1)?.timeline).toEqual(TIMELINE);
    expect(world.folder(id).calls.filter((call) => call.startsWith("discard"))).toEqual([]);
  });

  it("is neither at work nor waiting for a place while all is made and only the rest of it is read", async () => {
    const { world, id, tell, first } = await provisionalFilm();
    await using _ = world;
    first.finish();
    world.streams.noteAsked(id, 9, "tv");
    await eventually("its last segment", () => world.folder(id).ready.size === 10);
    await world.state(id, "starting");
    world.streams.viewerLeft(id, "tv");
    expect(world.streams.status(id)).toMatchObject({ state: "starting", ratio: 1 });
    tell(TIMELINE);
    await world.state(id, "complete");
  });

  it("is read to its end when its first four segments are there, which a viewer may wait for", async () => {
    const { world, id, tell, first } = await provisionalFilm();
    await using _ = world;
    let isBegun = false;
    const { wholeTimeline } = world;
    world.wholeTimeline = (...given) => {
      isBegun = true;
      return wholeTimeline(...given);
    };
    // What else follows from the plan has followed.
    await world.state(id, "running");
    for (const k of [0, 1, 2]) world.folder(id).publish(k);
    expect(isBegun).toBe(false);
    world.folder(id).publish(3);
    await eventually("the review", () => isBegun);
    tell(TIMELINE);
    first.finish();
    await world.state(id, "complete");
  });

  it("is read again where its disk is away meanwhile", async () => {
    const { world, id, first } = await provisionalFilm();
    await using _ = world;
    let looks = 0;
    world.wholeTimeline = () =>
      (looks += 1) < 3
        ? Promise.reject(new UpreelError("source_unavailable", "the disk is away"))
        : Promise.resolve({ ...TIMELINE, rate: { num: 48, den: 1 } });
    publishFirst(world, id);
    await eventually("the end of the run", () => first.isCancelled);
    first.end({ why: "cancelled", frames: 48 });
    const second = await world.run(1);
    expect(second.order).toMatchObject({ timeline: { rate: { num: 48 } } });
    expect(looks).toBe(3);
  });

  it("is made anew where all of it has another rate", async () => {
    const { world, id, tell, first } = await provisionalFilm();
    await using _ = world;
    publishFirst(world, id);
    tell({ ...TIMELINE, rate: { num: 48, den: 1 } });
    await eventually("the end of the run", () => first.isCancelled);
    first.end({ why: "cancelled", frames: 48 });
    const second = await world.run(1);
    expect(world.folder(id).calls).toContain("discardFrom 0");
    expect(second.order).toMatchObject({ fromSegment: 0, timeline: { rate: { num: 48 } } });
    second.finish();
    await world.state(id, "complete");
    expect(world.folder(id).saved.at(-1)?.made).toMatchObject([{ from: 0, to: 10 }]);
  });

  it("is made anew where more of it shows that it is interlaced", async () => {
    const { world, id, tell, first } = await provisionalFilm();
    await using _ = world;
    publishFirst(world, id);
    world.wholePlan = { source: taken({ kind: "mixed", order: "tff" }) };
    tell(TIMELINE);
    await eventually("the end of the run", () => first.isCancelled);
    first.end({ why: "cancelled", frames: 48 });
    const second = await world.run(1);
    expect(world.folder(id).calls).toContain("discardFrom 0");
    expect(second.order).toMatchObject({
      ...{ fromSegment: 0, source: { video: { scan: { kind: "mixed" } } } },
    });
  });

  it("stays where more of it shows that it is what it says", async () => {
    const { world, id, tell, first } = await provisionalFilm();
    await using _ = world;
    first.finish();
    world.wholePlan = { source: taken({ kind: "progressive" }) };
    tell(TIMELINE);
    await world.state(id, "complete");
    expect(world.runs).toHaveLength(1);
  });

  it("keeps what is made before the place where its clock jumps", async () => {
    const { world, id, tell, first } = await provisionalFilm();
    await using _ = world;
    for (const k of [0, 1, 2, 3, 4, 5, 6]) world.folder(id).publish(k);
    tell(JOINED);
    await eventually("the end of the run", () => first.isCancelled);
    first.end({ why: "cancelled", frames: 84 });
    const second = await world.run(1);
    expect([...world.folder(id).ready]).toEqual([0, 1, 2, 3, 4]);
    expect(second.order).toMatchObject({ fromSegment: 5, toSegment: 14 });
  });
});

describe("what players were told of a film", () => {
  const heard = (isCopyable: boolean) => ({
    ...source("/films/a.mkv"),
    audio: [
      {
        ...{ index: 1, codec: "aac", channels: 2, sampleRate: 48_000, isDefault: true },
        isCopyable,
      },
    ],
  });
  const aac = {
    kind: "aac",
    index: 1,
    sampleRate: 48_000,
    channels: 2,
    bitrate: 192_000,
  } as const;
  const copy = { kind: "copy", index: 1, sampleRate: 48_000 } as const;

  it.each([
    ["is as long as was planned", TIMELINE],
    ["is longer", timelineOf(12)],
    ["has another rate", { ...TIMELINE, rate: { num: 48, den: 1 } }],
  ])("stays: its sound is encoded to the end where all of it %s", async (_, timeline) => {
    const world = await makeWorld();
    await using __ = world;
    world.timeline = PROVISIONAL;
    world.plan = { source: heard(false), output: { ...OUTPUT, audio: aac } };
    world.wholePlan = { source: heard(true), output: { ...OUTPUT, audio: copy } };
    const { promise, resolve: tell } = Promise.withResolvers<typeof TIMELINE>();
    world.wholeTimeline = () => promise;
    const { id } = await world.streams.trigger(film("a"));
    await world.run(0);
    publishFirst(world, id);
    tell(timeline);
    await eventually("the plan by all of it", () => {
      const last = world.folder(id).saved.at(-1);
      return last?.timeline !== undefined && last.timeline.isProvisional !== true;
    });
    expect(world.folder(id).saved.at(-1)).toMatchObject({
      output: { audio: aac },
      source: { audio: [{ index: 1, isCopyable: false }] },
    });
  });

  it("was of another track: the film is begun anew", async () => {
    const { world, id, tell, first } = await provisionalFilm();
    await using _ = world;
    publishFirst(world, id);
    const real = source("/films/a.mkv");
    const output = { ...OUTPUT, inputWidth: 32, width: 64 };
    world.wholePlan = { source: { ...real, video: { ...real.video, index: 2 } }, output };
    tell(TIMELINE);
    await eventually("the end of the run", () => first.isCancelled);
    first.end({ why: "cancelled", frames: 48 });
    const second = await world.run(1);
    expect(world.folder(id).calls).toContain("discardFrom 0");
    expect(second.order).toMatchObject({
      ...{ fromSegment: 0, source: { video: { index: 2 } }, output: { width: 64 } },
    });
  });
});

it("segments agree up to where two timelines differ", () => {
  expect(agreeingSegments(PROVISIONAL, TIMELINE)).toBe(10);
  expect(agreeingSegments(PROVISIONAL, { ...TIMELINE, frameCount: 65 })).toBe(5);
  expect(agreeingSegments(PROVISIONAL, timelineOf(12))).toBe(10);
  expect(agreeingSegments(PROVISIONAL, JOINED)).toBe(5);
  expect(agreeingSegments(PROVISIONAL, { ...TIMELINE, zeroMicros: 1 })).toBe(0);
});
