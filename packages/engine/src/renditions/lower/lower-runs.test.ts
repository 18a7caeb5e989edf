import { expect, it } from "vitest";
import { createLowerRuns, LOWER_RUNS, type LowerFilm } from "./lower-runs.ts";

type Making = Parameters<Parameters<typeof createLowerRuns>[0]["batches"]["make"]>[0];

/** Films of segments of two seconds, made when the test says so. */
function world(segments = 1000, canMake: (k: number) => boolean = () => true) {
  const there = new Set<string>();
  const begun: { readonly range: string; readonly batch: Making; end(thrown?: unknown): void }[] =
    [];
  let now = 0;
  const make = (batch: Making): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    batch.signal?.addEventListener("abort", () => reject(batch.signal?.reason));
    const numbers = batch.names.map((name) => Number.parseInt(name, 10));
    begun.push({
      ...{ range: `${numbers[0]}-${numbers.at(-1)}`, batch },
      end: (thrown) => (thrown === undefined ? resolve() : reject(thrown)),
    });
    return promise;
  };
  const film = (folder = "film"): LowerFilm => ({
    ...{ folder, segments, segmentSeconds: 2, canMake },
    isThere: (k) => there.has(`${folder}/${k}`),
    onMade: (k) => void there.add(`${folder}/${k}`),
    batch: () => ({
      ...{ what: "film", source: { path: "/f.mkv", sizeBytes: 1, modifiedMs: 1 }, folder },
      ...{ runs: "runs", argumentsFor: () => [] },
    }),
  });
  const runs = createLowerRuns({ batches: { make }, nowMs: () => (now += 1) });
  return {
    ...{ begun, film, runs },
    ranges: () => begun.map(({ range }) => range),
    need: (k: number, of = film(), signal = new AbortController().signal) =>
      runs.need(of, k, signal),
    /** It was not asked for in a long time. */
    sweeps: (k: number): void => void there.delete(`film/${k}`),
    /** The n-th ffmpeg makes `count` more. */
    makes: (n: number, count: number): void => {
      const { batch } = begun[n] ?? expect.unreachable();
      const left = batch.names.filter(
        (name) => !there.has(`${batch.folder}/${parseInt(name, 10)}`),
      );
      for (const name of left.slice(0, count)) batch.onMade?.(name);
      if (count >= left.length) begun[n]?.end();
    },
  };
}

it("who waits gets his segment as soon as it is made, and one ffmpeg stays ahead of him", async () => {
  const { need, makes, ranges } = world();
  const first = need(10);
  expect(ranges()).toEqual(["10-29"]);
  makes(0, 1);
  await first;
  // Soon there: waited for.
  const next = need(11);
  makes(0, 8);
  await next;
  expect(ranges()).toEqual(["10-29"]);
  makes(0, 20);
  for (let k = 12; k < 24; k += 1) await need(k);
  expect(ranges()).toEqual(["10-29"]);
  // Less than twelve seconds before the end of what is made the next part begins.
  await need(24);
  await need(25);
  expect(ranges()).toEqual(["10-29", "30-49"]);
});

it("what cannot be made yet is left for later", async () => {
  let upscaled = 12;
  const { need, makes, ranges } = world(1000, (k) => k < upscaled);
  const first = need(10);
  expect(ranges()).toEqual(["10-11"]);
  makes(0, 2);
  await first;
  upscaled = 13;
  // There, and one more ahead.
  await need(11);
  expect(ranges()).toEqual(["10-11", "12-12"]);
});

it("who jumps farther ahead than an ffmpeg is soon waits for one of his own", async () => {
  const { need, makes, ranges } = world();
  void need(0);
  const far = need(15);
  const back = need(8);
  expect(ranges()).toEqual(["0-19", "15-34", "8-14"]);
  makes(1, 1);
  await far;
  makes(2, 1);
  await back;
});

it("what is made already is not made again, and nothing beyond the end", async () => {
  const { need, makes, ranges } = world(30);
  const begin = need(12);
  makes(0, 30);
  await begin;
  const before = need(2);
  makes(1, 1);
  await before;
  expect(ranges()).toEqual(["12-29", "2-11"]);
  await need(29);
  expect(ranges()).toHaveLength(2);
});

it("what was deleted by then is made again at once, and not when the ffmpeg that made it is at its end", async () => {
  const { need, makes, sweeps, ranges } = world();
  const first = need(0);
  makes(0, 3);
  await first;
  sweeps(0);
  const again = need(0);
  expect(ranges()).toEqual(["0-19", "0-0"]);
  makes(1, 1);
  await again;
});

it("one that nobody waits for gives way to who waits", async () => {
  const { need, makes, begun, film, ranges } = world();
  const waiting = Array.from({ length: LOWER_RUNS }, (_, n) => need(n * 100));
  makes(0, 1);
  await waiting[0];
  makes(2, 1);
  await waiting[2];
  const other = need(0, film("other"));
  expect(begun.map(({ batch }) => batch.signal?.aborted)).toEqual([true, false, false, false]);
  makes(3, 1);
  await other;
  // With no room, nothing is made ahead.
  makes(2, 19);
  void need(500);
  for (let k = 201; k < 218; k += 1) await need(k);
  expect(ranges()).not.toContain("220-239");
});

it("who goes away is not waited with, and his place goes to the next one", async () => {
  const { need, begun } = world();
  const gone = new AbortController();
  const left = Array.from({ length: LOWER_RUNS }, (_, n) => need(n * 100, undefined, gone.signal));
  gone.abort(new Error("gone"));
  for (const each of left) await expect(each).rejects.toThrow("gone");
  void need(900);
  expect(begun.filter(({ batch }) => batch.signal?.aborted === true)).toHaveLength(1);
});

it("whoever waits is told what fails, and who asks again tries again", async () => {
  const { need, begun, makes, runs } = world();
  const both = [need(3), need(4)];
  begun[0]?.end(new Error("broken"));
  for (const each of both) await expect(each).rejects.toThrow("broken");
  expect(runs.isAtWork()).toBe(false);
  const again = need(3);
  makes(1, 1);
  await again;
});
