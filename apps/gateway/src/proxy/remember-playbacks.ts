import { readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Log } from "@upreel/core";
import { z } from "zod";
import type { Playbacks, PlaybackSnapshot } from "./playbacks.ts";
import { makeFolder } from "@upreel/watcher";

const reasonSchema = z.object({ code: z.string(), message: z.string() });
const snapshotSchema = z.object({
  entries: z.array(z.object({ playback: z.looseObject({ playSessionId: z.string() }) }).loose()),
  choices: z.array(
    z.tuple([z.string(), z.object({ shows: z.string(), reason: reasonSchema.optional() })]),
  ),
});

/** Several changes are written together. */
const WRITE_AFTER_MS = 500;

/** Keeps what clients play in a file, so that a gateway that takes over in mid-play knows them. */
export async function rememberPlaybacks(
  playbacks: Playbacks,
  file: string,
  log: Pick<Log, "warn">,
): Promise<AsyncDisposable> {
  const kept = await read(file);
  if (kept !== undefined) playbacks.restore(kept);
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  const write = (): void => {
    timer = undefined;
    writing = writing
      .then(() => replace(file, JSON.stringify(playbacks.snapshot())))
      .catch((error: unknown) => log.warn(`${file} could not be written`, { error }));
  };
  const forget = playbacks.onChange(() => {
    timer ??= setTimeout(write, WRITE_AFTER_MS).unref();
  });
  return {
    async [Symbol.asyncDispose]() {
      forget();
      if (timer !== undefined) {
        clearTimeout(timer);
        write();
      }
      await writing;
    },
  };
}

/** Undefined where there is none, or one of another version: clients then ask again. */
async function read(file: string): Promise<PlaybackSnapshot | undefined> {
  try {
    const parsed = snapshotSchema.parse(JSON.parse(await readFile(file, "utf8")));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written below, and looked at above
    return parsed as unknown as PlaybackSnapshot;
  } catch {
    return undefined;
  }
}

async function replace(file: string, text: string): Promise<void> {
  await makeFolder(dirname(file));
  // Clients' tokens are in it.
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
