import { mkdir, readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type { Source, Timeline } from "@upreel/core";
import { makeTempFolder, makeTimeline } from "@upreel/testkit";
import { expect, it, vi } from "vitest";
import type { Batch } from "../batch-maker.ts";
import { createLowerFilms } from "./lower-films.ts";

type Size = readonly [width: number, height: number];
const SOURCE: Source = {
  ...{ path: "/films/film.mkv", sizeBytes: 1, modifiedMs: 1, format: "matroska,webm" },
  video: {
    ...{ index: 0, codec: "h264", pixelFormat: "yuv420p", bitDepth: 8, width: 640, height: 360 },
    ...{ sampleAspect: { num: 1, den: 1 }, rotation: 0, isInterlaced: false, colour: {} },
  },
  ...{ audio: [], subtitles: [], chapters: [] },
};

function film(input: Size, output: Size, timeline: Partial<Timeline> = {}) {
  return {
    id: "abcdefghijklmnop",
    source: SOURCE,
    timeline: { ...makeTimeline(250), ...timeline },
    output: {
      ...{ inputWidth: input[0], inputHeight: input[1], width: output[0], height: output[1] },
      ...({ encoder: "libx264", quality: 20, colour: {}, audio: { kind: "none" } } as const),
    },
  };
}

function lowerFilms(dataDir: string, nowMs = () => 0) {
  const asked: string[][] = [];
  const batches: Batch[] = [];
  const making: Promise<void>[] = [];
  const make = (batch: Batch): Promise<void> => {
    asked.push([...batch.names]);
    batches.push(batch);
    const made = makeAll(batch);
    making.push(made);
    return made;
  };
  const settled = () => Promise.all(making);
  const lower = createLowerFilms({ dataDir, batches: { make }, nowMs });
  return { asked, batches, settled, lower };
}

async function makeAll({ folder, names, onMade }: Batch): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of names) {
    await writeFile(join(folder, name), "x");
    onMade?.(name);
  }
}

const { signal } = new AbortController();
/** More than any of the films here has. */
const ALL = 100;
const upscaledTo = (segments: number) => ({
  ready: new Set(Array(segments).keys()),
  locate: () => Promise.reject(new Error("not read here")),
});
/** What the upscaled film needs of a line. */
const MUCH = { bandwidth: 1e9 };
const LITTLE = { bandwidth: 300_000 };

it.each([
  ["360p, doubled", [640, 360], [1280, 720], ["640x360", "320x180"]],
  ["720p for a screen of 1080 lines", [1280, 720], [1920, 1080], ["1280x720", "854x480"]],
  ["1080p, doubled", [1920, 1080], [3840, 2160], ["1920x1080", "854x480"]],
  ["480p of a DVD", [854, 480], [1708, 960], ["854x480", "428x240"]],
  ["a portrait", [720, 1280], [1440, 2560], ["720x1280", "480x854"]],
  ["a film that is hardly larger", [1280, 720], [1440, 810], ["854x480"]],
  ["a film that stays as it is", [320, 180], [320, 180], []],
] as const)(
  "offers %s in what is smaller, and below the source's size another one",
  async (_name, input, output, sizes) => {
    await using folder = await makeTempFolder();
    await using lower = lowerFilms(folder.path).lower;
    const stream = film(input, output);
    const smaller = lower.offer(stream, LITTLE);
    const [lean, ...others] = lower.offer({ ...stream, upscaled: upscaledTo(ALL) }, MUCH);
    // While it is being made its segments are waited for: what never waits is what players go down to.
    const begun = lower.offer({ ...stream, upscaled: upscaledTo(4) }, MUCH);
    expect(begun).toEqual([{ ...lean, isWaitedFor: true }, ...smaller]);
    expect([lean, ...others].map((each) => each?.isWaitedFor)).not.toContain(true);
    // The same picture at fewer bits, where the upscaled one has many.
    expect(lean).toMatchObject({ width: output[0], height: output[1] });
    expect(others).toEqual(smaller);
    const offered = lean === undefined ? smaller : [lean, ...smaller];
    expect(smaller.map(({ width, height }) => `${width}x${height}`)).toEqual(sizes);
    const rates = offered.map(({ bandwidth }) => bandwidth);
    expect(rates).toEqual(rates.toSorted((a, b) => b - a));
    for (const { bandwidth, averageBandwidth, codec } of offered) {
      expect(bandwidth).toBeGreaterThan(averageBandwidth);
      expect(codec).toMatch(/^avc1\.6400(1e|1f|20|28|2a|32|33)$/);
    }
  },
);

it.each<[string, Partial<Timeline>]>([
  ["are one", {}],
  [
    "are two recordings",
    {
      pieces: [
        { firstFrame: 0, clockMicros: 0 },
        { firstFrame: 60, clockMicros: 9 },
      ],
    },
  ],
  [
    "change their colours",
    { colours: [{ firstFrame: 60, pixelFormat: "yuv420p", bitDepth: 8, colour: {} }] },
  ],
])("makes segments that %s by one ffmpeg, or by decoders beside it", async (name, timeline) => {
  await using folder = await makeTempFolder();
  const { batches, settled, lower } = lowerFilms(folder.path);
  await using _ = lower;
  const stream = film([640, 360], [1280, 720], timeline);
  expect(lower.offer(stream, LITTLE).map((each) => each.name)).toEqual(["360p", "180p"]);
  await lower.segment(stream, "360p", 0, signal);
  await settled();
  const steps = batches[0]?.argumentsFor("/work") ?? [];
  expect(steps.map((step) => "pictures" in step)).toEqual([name !== "are one"]);
});

it("makes segments anew once another recording is found behind those that were made", async () => {
  await using folder = await makeTempFolder();
  const { batches, settled, lower } = lowerFilms(folder.path);
  await using _ = lower;
  const pieces = [
    { firstFrame: 0, clockMicros: 0 },
    { firstFrame: 200, clockMicros: 9 },
  ];
  for (const timeline of [{}, { pieces }])
    await lower.segment(film([640, 360], [1280, 720], timeline), "360p", 2, signal);
  await settled();
  expect(new Set(batches.map((batch) => batch.folder)).size).toBe(2);
});

it("makes the upscaled film at fewer bits of what is upscaled by then, and looks for no source", async () => {
  await using folder = await makeTempFolder();
  const batches: Batch[] = [];
  const make = (batch: Batch): Promise<void> => {
    batches.push(batch);
    return makeAll(batch);
  };
  await using lower = createLowerFilms({
    ...{ dataDir: folder.path, batches: { make }, nowMs: () => 0 },
  });
  await writeFile(join(folder.path, "film.ts"), "0123456789");
  const upscaled = {
    ready: new Set([0, 1, 2, 3, 5]),
    locate: async (k: number) => ({
      ...{ path: join(folder.path, "film.ts"), start: 2 * k, length: 2, modifiedMs: 1 },
    }),
  };
  const stream = { ...film([640, 360], [1280, 720]), upscaled };
  expect([lower.check(stream, "720p-lean"), lower.check(stream, "360p")]).toEqual([
    ...["upscaled", "source"],
  ]);
  await lower.segment(stream, "720p-lean", 1, signal);
  const [batch] = batches;
  expect(batch).toMatchObject({ names: ["000001.ts", "000002.ts", "000003.ts"] });
  expect(batch?.source).toBeUndefined();
  const stdin = new PassThrough();
  await batch?.feed?.(stdin);
  expect(await text(stdin)).toBe("234567");
});

it("refuses a quality that is not offered", async () => {
  await using folder = await makeTempFolder();
  await using lower = lowerFilms(folder.path).lower;
  for (const name of ["240p", "720p", "360p-lean", "..", "stream"]) {
    const stream = film([640, 360], [1280, 720]);
    expect(() => lower.check(stream, name)).toThrow("not offered");
    await expect(lower.segment(stream, name, 0, signal)).rejects.toMatchObject({
      code: "not_found",
    });
  }
});

it("keeps no segment longer than it is watched, and leaves nothing behind", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    await using folder = await makeTempFolder();
    let now = 0;
    const { lower, asked, settled } = lowerFilms(folder.path, () => now);
    const stream = film([640, 360], [1280, 720]);
    const first = await lower.segment(stream, "360p", 1, signal);
    expect(asked[0]).toContain("000001.ts");
    now = 100_000;
    const later = await lower.segment(stream, "360p", 4, signal);
    expect(dirname(later)).toBe(dirname(first));
    now = 130_000;
    vi.advanceTimersByTime(60_000);
    const names = () => readdir(dirname(later));
    await expect.poll(names).not.toContain("000001.ts");
    expect(await names()).toContain("000004.ts");
    await settled();
    await lower[Symbol.asyncDispose]();
    expect(await readdir(folder.path)).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});

it("makes anew what the whole of a film says otherwise, and nothing where that says the same or is longer", async () => {
  await using folder = await makeTempFolder();
  const { asked, settled, lower } = lowerFilms(folder.path);
  await using _ = lower;
  const begun = film([640, 360], [1280, 720]);
  const makesFirst = async (change: Partial<typeof begun>): Promise<number> => {
    await lower.segment({ ...begun, ...change }, "360p", 0, signal);
    return asked.flat().filter((name) => name === "000000.ts").length;
  };
  const seen = (video: Partial<Source["video"]>) => ({
    source: { ...SOURCE, video: { ...SOURCE.video, ...video } },
  });
  expect(await makesFirst({})).toBe(1);
  expect(await makesFirst(seen({ scan: { kind: "progressive" }, longestGroupSeconds: 4 }))).toBe(1);
  expect(await makesFirst({ timeline: makeTimeline(500) })).toBe(1);
  expect(await makesFirst({ timeline: makeTimeline(250, { num: 24, den: 1 }) })).toBe(2);
  expect(await makesFirst(seen({ scan: { kind: "interlaced", order: "tff" } }))).toBe(3);
  await settled();
});

it("sweeps nothing from under an ffmpeg that takes long", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    await using folder = await makeTempFolder();
    let now = 0;
    const ends = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const make = async (batch: Batch) => {
      await mkdir(batch.runs, { recursive: true });
      await writeFile(join(batch.runs, "work"), "x");
      await makeAll({ ...batch, names: batch.names.slice(0, 1) });
      await ends.promise;
      await makeAll(batch);
      ended.resolve();
    };
    await using lower = createLowerFilms({
      ...{ dataDir: folder.path, batches: { make }, nowMs: () => now },
    });
    const stream = film([640, 360], [1280, 720]);
    const first = await lower.segment(stream, "360p", 0, signal);
    const long = lower.segment(stream, "360p", 1, signal);
    now = 300_000;
    vi.advanceTimersByTime(60_000);
    await expect.poll(() => readdir(dirname(first))).toEqual([]);
    expect(await readdir(join(folder.path, "lower", "runs"))).toEqual(["work"]);
    ends.resolve();
    expect(await readdir(dirname(await long))).toContain("000001.ts");
    await ended.promise;
  } finally {
    vi.useRealTimers();
  }
});

it("takes no segment for there that is being swept", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    await using folder = await makeTempFolder();
    let now = 0;
    const found: string[][] = [];
    const making: Promise<void>[] = [];
    const lookAndMake = async (batch: Batch): Promise<void> => {
      found.push(await readdir(batch.folder).catch(() => []));
      await makeAll(batch);
    };
    const make = (batch: Batch): Promise<void> => {
      const made = lookAndMake(batch);
      making.push(made);
      return made;
    };
    await using lower = createLowerFilms({
      ...{ dataDir: folder.path, batches: { make }, nowMs: () => now },
    });
    const stream = film([640, 360], [1280, 720]);
    await lower.segment(stream, "360p", 0, signal);
    now = 300_000;
    vi.advanceTimersByTime(30_000);
    // By now it has begun, and has not ended.
    await Promise.resolve();
    const path = await lower.segment(stream, "360p", 0, signal);
    expect(found).toEqual([[], expect.not.arrayContaining([basename(path)])]);
    expect(await readdir(dirname(path))).toContain(basename(path));
    // Nothing is written into what is deleted now.
    await Promise.all(making);
  } finally {
    vi.useRealTimers();
  }
});

it("tells the rates of what was made, once that is enough, and the bound of the encoder before", async () => {
  await using folder = await makeTempFolder();
  const { settled, lower } = lowerFilms(folder.path);
  await using _ = lower;
  const long = film([640, 360], [1280, 720], makeTimeline(25 * 600));
  const short = { ...film([640, 360], [1280, 720], makeTimeline(260)), id: "ponmlkjihgfedcba" };
  const sourceSize = () => lower.offer(long, LITTLE)[0] ?? expect.unreachable();
  const bound = sourceSize();
  await lower.segment(long, "360p", 0, signal);
  await settled();
  // Forty seconds of it.
  expect(sourceSize()).toEqual(bound);
  await lower.segment(long, "360p", 200, signal);
  await settled();
  await expect.poll(() => sourceSize().bandwidth).toBeLessThan(bound.bandwidth);
  // A byte each; the rest may come to more.
  expect(sourceSize().averageBandwidth).toBe(16);
  expect(sourceSize().bandwidth).toBe(24);
  await lower.segment(short, "360p", 0, signal);
  await settled();
  await expect
    .poll(() => lower.offer(short, LITTLE)[0])
    .toMatchObject({ bandwidth: 16, averageBandwidth: 16 });
});
