import { chmod, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createBatchMaker, type BatchMaker } from "./batch-maker.ts";

let folder: TempFolder;
let maker: BatchMaker;
const at = (...names: string[]): string => join(folder.path, ...names);

/**
 * Writes the word that follows into each file, which has its name when it is whole, notes what it was asked for, and ends
 * as it is told.
 */
const FFMPEG = `#!/bin/sh
echo "$@" >>"$(dirname "$0")/asked"
while [ $# -gt 0 ]; do
  case $1 in
    fail) echo "$2" >&2; exit 1;;
    say) echo "$2" >&2;;
    wait) while [ ! -e "$2" ]; do sleep 0.05; done;;
    *) printf %s "$2" >"$1.new"; mv "$1.new" "$1";;
  esac
  shift 2
done
`;

beforeEach(async () => {
  folder = await makeTempFolder();
  await writeFile(at("ffmpeg"), FFMPEG);
  await chmod(at("ffmpeg"), 0o755);
  maker = createBatchMaker({
    ffmpeg: at("ffmpeg"),
    files: { use: (_, work) => work() },
    ...{ atATime: 1, longestMs: 240_000 },
  });
});
afterEach(async () => {
  await maker[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

type Batch = Parameters<BatchMaker["need"]>[0];
const batchOf = (change: Partial<Batch> & Pick<Batch, "argumentsFor">): Batch => ({
  ...{ what: "pieces", source: { path: "/films/film.mkv", sizeBytes: 1, modifiedMs: 1 } },
  ...{ folder: at("made"), runs: at("runs"), names: ["a", "b"] },
  ...change,
});
const asked = async (): Promise<string[]> =>
  (await readFile(at("asked"), "utf8")).trim().split("\n");
const made = (name: string): Promise<string> => readFile(at("made", name), "utf8");

it("makes all files of a batch by one work for all who wait, and leaves nothing beside them", async () => {
  const batch = batchOf({ argumentsFor: (work) => [[join(work, "a"), "A", join(work, "b"), "B"]] });
  await Promise.all([maker.need(batch, "a"), maker.need(batch, "b"), maker.need(batch, "a")]);
  expect([await made("a"), await made("b")]).toEqual(["A", "B"]);
  await maker.need(batch, "b");
  expect(await asked()).toHaveLength(1);
  expect(await readdir(at("runs"))).toEqual([]);
});

it("goes through several steps one after the other", async () => {
  const batch = batchOf({
    argumentsFor: (work) => [
      ["wait", at("ffmpeg"), join(work, "a"), "A"],
      [join(work, "b"), "B"],
    ],
  });
  await maker.need(batch, "b");
  expect((await asked()).map((line) => line.split(" ").at(-1))).toEqual(["A", "B"]);
});

it("makes in another way what was left out or is not good, and keeps the rest", async () => {
  const batch = batchOf({
    names: ["good", "empty", "bad", "missing"],
    argumentsFor: (work) => [
      [join(work, "good"), "first", join(work, "empty"), "", join(work, "bad"), "bad"],
    ],
    fallbackFor: (work) => [
      ["good", "empty", "bad", "missing"].flatMap((name) => [join(work, name), "second"]),
    ],
    isGood: async (path) => (await readFile(path, "utf8")) !== "bad",
  });
  await maker.need(batch, "good");
  const names = ["good", "empty", "bad", "missing"];
  expect(await Promise.all(names.map(made))).toEqual(["first", "second", "second", "second"]);
});

it("goes on in other ways while ffmpeg fails and has made nothing, and not where the disk is away", async () => {
  const ifFailed = [
    () => [["fail", "not this way"]],
    (work: string) => [[join(work, "a"), "A", join(work, "b"), "B"]],
  ];
  await maker.need(batchOf({ argumentsFor: () => [["fail", "nor this"]], ifFailed }), "a");
  expect([await made("a"), await asked()]).toEqual([
    "A",
    expect.toSatisfy((all) => all.length === 3),
  ]);
  const argumentsFor = () => [["fail", "file:/films/film.mkv: Input/output error"]];
  const away = batchOf({ folder: at("elsewhere"), argumentsFor, ifFailed });
  await expect(maker.need(away, "a")).rejects.toMatchObject({ code: "source_unavailable" });
});

it("tells why there is nothing, and tries again when it is asked again", async () => {
  const failing = batchOf({ argumentsFor: () => [["fail", "no such filter"]] });
  await expect(maker.need(failing, "a")).rejects.toMatchObject({
    ...{ code: "decoder_failed", got: "no such filter" },
  });
  const half = batchOf({ argumentsFor: (work) => [[join(work, "a"), "A"]] });
  await expect(maker.need(half, "a")).rejects.toMatchObject({ expected: "packets for b" });
  const away = batchOf({
    folder: at("elsewhere"),
    argumentsFor: (work) => [
      ["say", "file:/films/film.mkv: Input/output error", join(work, "a"), "A"],
    ],
  });
  await expect(maker.need(away, "a")).rejects.toMatchObject({ code: "source_unavailable" });
  expect(await readdir(at("runs"))).toEqual([]);
  await maker.need(batchOf({ names: ["a"], argumentsFor: (w) => [[join(w, "a"), "A"]] }), "a");
  expect(await made("a")).toBe("A");
});

it("hands files on as they are made, and ends a batch that nobody wants any more", async () => {
  const stop = new AbortController();
  const handedOn: string[] = [];
  const making = maker.make({
    ...batchOf({ argumentsFor: (work) => [[join(work, "a"), "A", "wait", at("never")]] }),
    ...{ onMade: (name) => void handedOn.push(name), signal: stop.signal },
  });
  await expect.poll(() => handedOn, { timeout: 240_000 }).toEqual(["a"]);
  expect(await made("a")).toBe("A");
  stop.abort(new Error("unwanted"));
  await expect(making).rejects.toThrow("unwanted");
  expect(await readdir(at("runs"))).toEqual([]);
});

it("hands nothing on of what ffmpeg makes up when the disk is away", async () => {
  const line = "file:/films/film.mkv: Input/output error";
  const handedOn: string[] = [];
  const making = maker.make({
    ...batchOf({
      argumentsFor: (work) => [["say", line, "wait", at("killed"), join(work, "a"), "A"]],
    }),
    onMade: (name) => void handedOn.push(name),
  });
  await expect(making).rejects.toMatchObject({ code: "source_unavailable" });
  expect(handedOn).toEqual([]);
});

it("ends what it is at when it is closed", async () => {
  const endless = batchOf({ argumentsFor: () => [["wait", at("never")]] });
  const left = maker.need(endless, "a").catch((error: unknown) => error);
  await expect.poll(asked, { timeout: 240_000 }).toHaveLength(1);
  await maker[Symbol.asyncDispose]();
  expect(await left).toBeInstanceOf(Error);
  expect(await readdir(at("runs"))).toEqual([]);
});
