import { readFile } from "node:fs/promises";
import {
  streamRecordSchema,
  type Output,
  type Source,
  type StreamRecord,
  type Timeline,
} from "@upreel/core";

/** A record of a source that is probed. */
export type ProbedRecord = StreamRecord & { readonly timeline: Timeline };

/** A record of a stream that was planned: probed, and its output settled. */
export type PlannedRecord = ProbedRecord & { readonly source: Source; readonly output: Output };

/** What a `stream.json` says; undefined until the source is probed. */
export async function readProbedRecord(recordPath: string): Promise<ProbedRecord | undefined> {
  const text = await readFile(recordPath, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const record = streamRecordSchema.parse(JSON.parse(text));
  const { timeline } = record;
  return timeline === undefined ? undefined : { ...record, timeline };
}

/** What a `stream.json` says; undefined until the stream is planned. */
export async function readPlannedRecord(recordPath: string): Promise<PlannedRecord | undefined> {
  const record = await readProbedRecord(recordPath);
  const { source, output } = record ?? {};
  return record === undefined || source === undefined || output === undefined
    ? undefined
    : { ...record, source, output };
}
