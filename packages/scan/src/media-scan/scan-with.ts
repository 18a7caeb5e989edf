import type { Plugin } from "../host/plugin.ts";
import {
  algorithmVersionSchema,
  mediaScanAnswerSchema,
  type MediaScanAnswer,
  type ScannedFile,
} from "./answers.ts";
import { parseAnswer, proveAnswer } from "./prove-answer.ts";

export interface ScanTimes {
  readonly versionMs: number;
  readonly scanMs: number;
}

/** The version of what the plugin does; another one makes all that it found before worthless. */
export async function readAlgorithmVersion(
  plugin: Plugin,
  { versionMs }: ScanTimes,
  signal: AbortSignal,
): Promise<string> {
  const method = "mediaScan.algorithmVersion";
  const answer = await plugin.call(method, {}, versionMs, signal);
  return parseAnswer(plugin.id, method, algorithmVersionSchema, answer).algorithmVersion;
}

/** Lets the plugin look at one file, or at those of a season together. Throws `plugin_failed`. */
export async function scanWith(
  plugin: Plugin,
  files: readonly [ScannedFile, ...ScannedFile[]],
  groupKey: string | undefined,
  { scanMs }: ScanTimes,
  signal: AbortSignal,
): Promise<MediaScanAnswer> {
  const method = groupKey === undefined ? "mediaScan.scanSingle" : "mediaScan.scanBatch";
  const params = groupKey === undefined ? { file: files[0] } : { groupKey, files };
  const given = await plugin.call(method, params, scanMs, signal);
  const answer = parseAnswer(plugin.id, method, mediaScanAnswerSchema, given);
  proveAnswer(plugin.id, method, files, answer);
  return answer;
}
