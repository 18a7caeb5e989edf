import { readFile } from "node:fs/promises";
import { streamRecordSchema, type Timeline } from "@upreel/core";

/** The timeline in a `stream.json`; undefined until the source is probed. */
export async function readTimeline(recordPath: string): Promise<Timeline | undefined> {
  const text = await readFile(recordPath, "utf8").catch(() => undefined);
  return text === undefined ? undefined : streamRecordSchema.parse(JSON.parse(text)).timeline;
}
