import { expect, it } from "vitest";
import type { ReadBytes } from "./key-frame-index.ts";
import { matroskaCues } from "./matroska-cues.ts";
import { mp4KeyFrames } from "./mp4-key-frames.ts";

const reading =
  (bytes: Buffer): ReadBytes =>
  async ({ start, length }) =>
    bytes.subarray(start, start + length);

/** How often others had their turn meanwhile. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let next = setImmediate(function count() {
    turns += 1;
    next = setImmediate(count);
  });
  await work();
  clearImmediate(next);
  return turns;
}

const times = (count: number, bytes: Buffer): Buffer[] =>
  Array.from({ length: count }, () => bytes);
const words = (...numbers: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [n, number] of numbers.entries()) bytes.writeUInt32BE(number, 4 * n);
  return bytes;
};
const box = (name: string, ...inside: readonly Buffer[]): Buffer => {
  const bytes = Buffer.concat(inside);
  return Buffer.concat([words(8 + bytes.length), Buffer.from(name), bytes]);
};

/** 25 samples a second, a key frame each second. */
function mp4(samples: number, { before, keys }: { before?: Buffer[]; keys?: number }): Buffer {
  const every = Array.from({ length: keys ?? Math.ceil(samples / 25) }, (_, n) => 1 + 25 * n);
  const sizes = Buffer.alloc(4 * samples, 1);
  const table = box(
    "stbl",
    box("stss", words(0, every.length, ...every)),
    box("stts", words(0, 1, samples, 1)),
    box("stsz", words(0, 0, samples), sizes),
  );
  const media = box(
    "mdia",
    box("mdhd", words(0, 0, 0, 25)),
    box("hdlr", words(0, 0), Buffer.from("vide")),
    box("minf", table),
  );
  return box("moov", ...(before ?? []), box("trak", media));
}

it("an MP4 of no more than boxes, or of too many key frames, has no list that is of use", async () => {
  const of = async (...how: Parameters<typeof mp4>) => await mp4KeyFrames(reading(mp4(...how)), 0);
  expect((await of(75, {}))?.micros).toEqual([0, 1e6, 2e6]);
  expect(await of(75, { before: times(100, box("free")) })).toBeDefined();
  expect(await of(75, { before: times(1_000, box("free")) })).toBeUndefined();
  expect(await of(75, { keys: 100_000 })).toBeUndefined();
});

/** Of Matroska: all sizes with eight bytes. */
const element = (id: string, ...inside: readonly Buffer[]): Buffer => {
  const bytes = Buffer.concat(inside);
  return Buffer.concat([Buffer.from(id, "hex"), words(0x01000000, bytes.length), bytes]);
};
const VOID = Buffer.from("ec80", "hex");

function matroska(points: number, before: readonly Buffer[]): Buffer {
  const cues = Array.from({ length: points }, (_, n) =>
    element(
      "bb",
      ...before,
      element("b3", words(1_000 * n)),
      element("b7", element("f7", words(1)), element("f1", words(100 * n))),
    ),
  );
  const track = element("ae", element("d7", words(1)), element("83", words(1)));
  return Buffer.concat([
    element("1a45dfa3"),
    element("18538067", element("1654ae6b", track), element("1c53bb6b", ...cues)),
  ]);
}

it("of each place in a Matroska file only its beginning is looked at", async () => {
  const of = async (before: readonly Buffer[]) => await matroskaCues(reading(matroska(3, before)));
  expect((await of([]))?.micros).toEqual([0, 1e6, 2e6]);
  expect((await of(times(10, VOID)))?.micros).toEqual([0, 1e6, 2e6]);
  expect((await of(times(100, VOID)))?.micros).toEqual([]);
});

it("while a long list is read, others have their turn", async () => {
  const film = reading(mp4(250_000, {}));
  expect(await turnsDuring(() => mp4KeyFrames(film, 0))).toBeGreaterThan(3);
  const other = reading(matroska(1_000, []));
  expect(await turnsDuring(() => matroskaCues(other))).toBeGreaterThan(5);
});
