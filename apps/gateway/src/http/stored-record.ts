import { readFile } from "node:fs/promises";
import { streamRecordSchema, type StreamRecord, type Timeline } from "@upreel/core";

/** A record of a source that is probed. */
export type ProbedRecord = StreamRecord & { readonly timeline: Timeline };

/** What a `stream.json` says; undefined until the source is probed. */
export async function readProbedRecord(recordPath: string): Promise<ProbedRecord | undefined> {
  const text = await readFile(recordPath, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const record = streamRecordSchema.parse(JSON.parse(text));
  const { timeline } = record;
  return timeline === undefined ? undefined : { ...record, timeline };
}
