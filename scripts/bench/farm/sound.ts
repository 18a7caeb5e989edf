import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { segmentCount } from "@upreel/core";
import { buildTimeline, planOutput, probeSource, startEncoder } from "@upreel/media";
import { makeTempFolder, runFfmpeg } from "@upreel/testkit";
import type { Row } from "../print-rows.ts";

const SECONDS = 600;
const SEGMENT_SECONDS = 2;
const PARTS = 20;
/** Of `/proc`. */
const TICKS_PER_SECOND = 100;
/** As it counts them, from 1 (proc_pid_stat(5)): processor time of children that have ended. */
const [CUTIME, CSTIME] = [16, 17];

/** Seconds of processor that children of this process took which are over. */
async function childSeconds(): Promise<number> {
  const text = await readFile("/proc/self/stat", "utf8");
  // The name, second, may have spaces in it.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ticks = [CUTIME, CSTIME].map((field) => Number(fields[field - 3]));
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

/** What the sound of a film takes that is made whole, and in the parts that machines of a farm make. */
export async function measureSound(): Promise<Row[]> {
  await using folder = await makeTempFolder();
  const film = join(folder.path, "film.mkv");
  await runFfmpeg([
    ...["-f", "lavfi", "-i", `color=s=64x36:r=24:d=${SECONDS}`],
    ...["-f", "lavfi", "-i", `anoisesrc=c=pink:r=48000:d=${SECONDS}`],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "ac3", "-ac", "6", "-b:a", "448k", film],
  ]);
  const { size, mtimeMs } = await stat(film);
  const probed = await probeSource(
    { path: film, sizeBytes: size, modifiedMs: mtimeMs },
    { ffprobe: "ffprobe", ffmpeg: "ffmpeg" },
    AbortSignal.timeout(60_000),
  );
  const { source } = probed;
  const timeline = buildTimeline(probed, SEGMENT_SECONDS);
  const wanted = { scale: 2, encoder: "libx264", quality: 20, maxOutputHeight: 2160 } as const;
  const { audio } = planOutput({ source, ...wanted });
  if (audio.kind !== "aac") throw new Error(`the sound is to be ${audio.kind}`);
  const count = segmentCount(timeline);

  const make = async (parts: number): Promise<number> => {
    const before = await childSeconds();
    for (let part = 0; part < parts; part++) {
      const [from, to] = [part, part + 1].map((n) => Math.round((n * count) / parts));
      const request = { source, timeline, audio, fromSegment: from ?? 0, toSegment: to ?? 0 };
      // Into one file: as many as there are segments would be a cost of their own.
      const args = [
        ...["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-f", "f32le"],
        ...["-ar", String(audio.sampleRate), "-ac", String(audio.channels), "-i", "pipe:0"],
        ...["-c:a", "aac", "-b:a", String(audio.bitrate), join(folder.path, `${parts}-${part}.ts`)],
      ];
      const { exited } = startEncoder(args, request, { ffmpeg: "ffmpeg", name: "encoder" });
      const { exitCode } = await exited;
      if (exitCode !== 0) throw new Error(`the sound of part ${part} failed`);
    }
    return (await childSeconds()) - before;
  };

  const [whole, inParts] = [await make(1), await make(PARTS)];
  return [
    ["the sound of a minute of film, processor", (60_000 * whole) / SECONDS, "ms"],
    ["each further part of it, processor", (1_000 * (inParts - whole)) / (PARTS - 1), "ms"],
  ];
}
