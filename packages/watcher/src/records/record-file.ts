import { rename } from "node:fs/promises";
import { streamRecordSchema, type Log, type StreamRecord } from "@upreel/core";
import { JsonFile } from "@upreel/files";

/** stream.json of one stream: on the disk once it is written, unless the stream has been removed. */
export const recordFile = (path: string): JsonFile<StreamRecord> =>
  new JsonFile(path, streamRecordSchema, { isDurable: true, indent: 2 });

/** Reads a record; one that cannot be read is moved aside, so that it costs only its own stream. */
export async function loadRecord(path: string, log: Log): Promise<StreamRecord | undefined> {
  try {
    return await recordFile(path).read();
  } catch (error) {
    log.error("stream record cannot be read; it is moved aside", {
      path,
      movedTo: `${path}.bad`,
      error: error instanceof Error ? error.message : String(error),
    });
    await rename(path, `${path}.bad`).catch(() => undefined);
    return undefined;
  }
}
