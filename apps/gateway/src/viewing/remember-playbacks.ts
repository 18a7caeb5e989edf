import type { Log } from "@upreel/core";
import { z } from "zod";
import type { Playbacks, PlaybackSnapshot } from "./playbacks.ts";
import { viewerChoicesSchema } from "./viewer-choices.ts";
import { JsonFile } from "@upreel/files";

const snapshotSchema = viewerChoicesSchema.extend({
  entries: z.array(z.object({ playback: z.looseObject({ playSessionId: z.string() }) }).loose()),
});

/** One of another version is as good as none: clients then ask again. */
const rememberedSchema = z.custom<PlaybackSnapshot>(
  (value) => snapshotSchema.safeParse(value).success,
);

export const PLAYBACKS_FILE = "playbacks.json";

/** What one gateway keeps of what clients play. */
export const playbacksFile = (path: string): JsonFile<PlaybackSnapshot> =>
  new JsonFile(path, rememberedSchema, {
    // Clients' tokens are in it.
    ...{ isDurable: false, mode: 0o600, makesFolder: true },
  });

/** Several changes are written together. */
const WRITE_AFTER_MS = 500;

/** Keeps what clients play in a file, so that a gateway that takes over in mid-play knows them. */
export async function rememberPlaybacks(
  playbacks: Playbacks,
  file: string,
  log: Pick<Log, "warn">,
): Promise<AsyncDisposable> {
  const stored = playbacksFile(file);
  const kept = await stored.readOrForget();
  if (kept !== undefined) playbacks.restore(kept);
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    timer = undefined;
    stored
      .write(playbacks.snapshot())
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
      await stored.settled();
    },
  };
}
