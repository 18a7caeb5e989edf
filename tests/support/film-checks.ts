import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { segmentFileName } from "@upreel/core";
import { countPictures } from "@upreel/media";
import { makeTempFolder } from "@upreel/testkit";
import { expect } from "vitest";
import type { RunningGateway } from "./start-gateway.ts";

/** Of films of 24 frames a second in segments of 2 s, as all of these tests make them. */
const FRAMES_PER_SEGMENT = 48;
/** As many ffprobes as cores of a small machine. */
const AT_ONCE = 2;

const pictures = async (file: string): Promise<number> =>
  (await countPictures(file, { ffprobe: "ffprobe" }, AbortSignal.timeout(240_000))).frames;

export const segmentsOf = async (dataDir: string, id: string): Promise<string[]> =>
  (await readdir(join(dataDir, "streams", id, "segments"))).sort();

/** A segment as it is served. */
export async function fetchSegment(
  { url }: RunningGateway,
  id: string,
  name: string,
): Promise<Buffer> {
  const response = await fetch(`${url}/hls/${id}/segments/${name}`);
  expect([name, response.status]).toEqual([name, 200]);
  return Buffer.from(await response.arrayBuffer());
}

/** Segments, all of the film by default, hold exactly their pictures as they are served. */
export async function expectGoodSegments(
  gateway: RunningGateway,
  id: string,
  frames: number,
  names: readonly string[] = allSegments(frames),
): Promise<void> {
  await using folder = await makeTempFolder();
  const left = [...names];
  const check = async (): Promise<void> => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const copy = join(folder.path, name);
      await writeFile(copy, await fetchSegment(gateway, id, name));
      const k = Number(name.slice(0, 6));
      const wanted = Math.min(FRAMES_PER_SEGMENT, frames - k * FRAMES_PER_SEGMENT);
      expect([name, await pictures(copy)]).toEqual([name, wanted]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, check));
}

/** The film is finished with all its frames, in its file and by its segments, and is stored once. */
export async function expectWhole(
  gateway: RunningGateway,
  dataDir: string,
  id: string,
  frames: number,
): Promise<void> {
  const done = await gateway.waitFor(id, ({ state }) => state === "complete" || state === "failed");
  expect(done).toMatchObject({ state: "complete", frames_done: frames });
  expect(await pictures(done.file ?? "")).toBe(frames);
  await expectGoodSegments(gateway, id, frames);
  // The segments are slices of the archive now.
  expect(await segmentsOf(dataDir, id)).toEqual([]);
}

const allSegments = (frames: number): string[] =>
  Array.from({ length: Math.ceil(frames / FRAMES_PER_SEGMENT) }, (_, k) => segmentFileName(k));
