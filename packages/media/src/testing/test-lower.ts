import { mkdir, readdir } from "node:fs/promises";
import { decodeBeside } from "../decoding/decode-beside.ts";
import {
  lowerArguments,
  lowerDecoding,
  lowerFrameArguments,
} from "../renditions/lower-arguments.ts";
import { lowerQuality } from "../renditions/lower-quality.ts";
import { startEncoder } from "../sound/start-encoder.ts";
import { TOOLS, type TestPlan } from "./test-run.ts";

/** Makes segments [fromSegment, toSegment) of a film in 64×36; gives their names. */
export async function makeLower(
  plan: TestPlan,
  folder: string,
  fromSegment: number,
  toSegment: number,
  marginSeconds = 10,
): Promise<string[]> {
  await mkdir(folder);
  const { source, timeline, output } = plan;
  const { audio } = output;
  const quality = lowerQuality({ width: 64, height: 36 }, timeline);
  const range = { source, timeline, fromSegment, toSegment };
  const request = { ...range, output, quality, folder, marginSeconds };
  const sound = audio.kind === "aac" ? { ...range, audio } : undefined;
  const start = (args: readonly string[]) =>
    startEncoder(args, sound, { ffmpeg: TOOLS.ffmpeg, name: "encoder" });
  const decoding = lowerDecoding(request);
  const read = (fifo: string) => start(lowerFrameArguments({ ...request, fifo }));
  const { exitCode, stderrTail } = await (decoding === undefined
    ? start(lowerArguments(request)).exited
    : decodeBeside({ request: decoding, read }, { ffmpeg: TOOLS.ffmpeg }));
  if (exitCode !== 0) throw new Error(stderrTail);
  return (await readdir(folder)).filter((name) => name.endsWith(".ts"));
}
