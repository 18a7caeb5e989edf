import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  MOST_SEGMENTS,
  UpreelError,
  segmentCount,
  sourceSchema,
  timelineSchema,
} from "@upreel/core";
import { buildTimeline, planOutput, probeSource } from "@upreel/media";
import { makeTempFolder } from "@upreel/testkit";
import type { Fuzzer } from "./fuzzer.ts";
import { makeSamples, mutate } from "./media-mutations.ts";

/** Far beyond what a film of a few kilobytes takes, on a busy machine. */
const LONGEST_MS = 60_000;
const LARGEST_SIDE = 8192;
const MOST_MEMORY_BYTES = 512 * 1024 * 1024;
const AT_A_TIME = 2;
/** What a file can be blamed for. */
const REFUSALS = new Set([
  ...["source_unreadable", "source_no_video", "source_too_long", "source_too_large", "source_hdr"],
  ...["source_damaged", "codec_unsupported"],
]);

/** Films of many containers with damaged bytes are planned well, or refused with a reason. */
export const fuzzMedia: Fuzzer = async ({ cases, random }) => {
  await using folder = await makeTempFolder();
  const samples = await makeSamples(folder.path);
  const before = process.memoryUsage.rss();
  const problems: string[] = [];
  // Made before any runs, so that a case is the same whatever the others take.
  const made = Array.from({ length: cases }, (_, n) => {
    const sample = samples[n % samples.length]!;
    return { n, name: sample.name, ...mutate(sample.bytes, random) };
  });
  const worker = async (): Promise<void> => {
    for (let next = made.shift(); next !== undefined; next = made.shift()) {
      const path = join(folder.path, `case-${next.n}-${next.name}`);
      await writeFile(path, next.bytes);
      const problem = await tryFilm(path);
      if (problem !== undefined) {
        problems.push(`case ${next.n}, ${next.name}, ${next.what}: ${problem}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  const grown = process.memoryUsage.rss() - before;
  if (grown > MOST_MEMORY_BYTES) problems.push(`memory grew by ${grown >> 20} MiB`);
  return problems;
};

/** What is wrong with how a file is taken; undefined when nothing is. */
async function tryFilm(path: string): Promise<string | undefined> {
  const { size, mtimeMs } = await stat(path);
  const file = { path, sizeBytes: size, modifiedMs: mtimeMs };
  try {
    const signal = AbortSignal.timeout(LONGEST_MS);
    const probed = await probeSource(file, { ffprobe: "ffprobe", ffmpeg: "ffmpeg" }, signal);
    const source = sourceSchema.parse(probed.source);
    const output = planOutput({
      ...{ source, scale: 2, encoder: "libx264", quality: 23, maxOutputHeight: 2160 },
    });
    const timeline = timelineSchema.parse(buildTimeline(probed, 2));
    if (segmentCount(timeline) > MOST_SEGMENTS) return `${segmentCount(timeline)} segments`;
    const { width, height } = output;
    const isSane = [width, height].every(
      (side) => side > 0 && side <= LARGEST_SIDE && side % 2 === 0,
    );
    return isSane ? undefined : `an output of ${width}×${height}`;
  } catch (thrown) {
    if (thrown instanceof UpreelError && REFUSALS.has(thrown.code)) return undefined;
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  }
}
