import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Source } from "@upreel/core";
import { isThere } from "@upreel/files";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import type { BatchMaker } from "../batch-maker.ts";
import { createPictureSubtitles } from "./picture-subtitles.ts";

/** A sub-picture unit of DVDs: four pixels by three. */
const PACKET = Buffer.of(
  ...[0, 34, 0, 10, 0x00, 0x01, 0x00, 0x01, 0x96, 0x70],
  ...[0, 0, 0, 10, 0x03, 0x32, 0x10, 0x04, 0xff, 0xf0],
  ...[0x05, 0x00, 0xa0, 0x0d, 0x01, 0x40, 0x16],
  ...[0x06, 0, 4, 0, 8, 0x01, 0xff],
);
const LIST = "#tb 0: 1/1000\n0, 1000, 1000, 2000, 34, 0x00\n";
const SOURCE: Source = {
  ...{ path: "/films/film.mkv", sizeBytes: 1, modifiedMs: 1, format: "matroska,webm" },
  video: {
    ...{ index: 0, codec: "mpeg2video", pixelFormat: "yuv420p", bitDepth: 8 },
    ...{ width: 720, height: 576, sampleAspect: { num: 1, den: 1 }, rotation: 0 },
    ...{ isInterlaced: false, colour: {} },
  },
  ...{ audio: [], subtitles: [], chapters: [] },
};

it("what a gateway left that was killed between two of its files is made again", async () => {
  await using temporary = await makeTempFolder();
  const folder = join(temporary.path, "subtitles");
  const write = (name: string) =>
    writeFile(join(folder, name), name.includes("list") ? LIST : PACKET);
  const maker: Pick<BatchMaker, "need"> = {
    async need({ names }, name) {
      if (await isThere(join(folder, name))) return;
      for (const each of names) await write(each);
    },
  };
  await mkdir(folder);
  // In this order they are published.
  await write("pictures.spu");
  await write("pictures.list");
  const path = await createPictureSubtitles()({
    ...{ maker: maker as BatchMaker, source: SOURCE, folder, runs: temporary.path },
    ...{ track: { index: 2, codec: "dvd_subtitle" }, argumentsFor: () => [] },
  });
  expect((await readFile(path)).toString("latin1", 0, 2)).toBe("PG");
});
