import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { errnoOf, makeFolder, toDiskError } from "@upreel/files";
import type { StreamPaths } from "../records/stream-paths.ts";

/** Makes the folders of one stream when something is first written there, and tries again after a failure. */
export class StreamHome {
  readonly #paths: StreamPaths;
  #made: Promise<void> | undefined;
  /** Settles when the folders are there; does not make them. */
  readonly whenMade: Promise<void>;
  readonly #onMade: () => void;

  constructor(paths: StreamPaths, { isMade }: { readonly isMade: boolean }) {
    this.#paths = paths;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.whenMade = promise;
    this.#onMade = resolve;
    if (!isMade) return;
    this.#made = Promise.resolve();
    resolve();
  }

  /** Throws `disk_full` and `disk_read_only` by their names. */
  make(): Promise<void> {
    this.#made ??= makeFolders(this.#paths).then(this.#onMade, (error: unknown) => {
      this.#made = undefined;
      throw toDiskError(error, this.#paths.folder);
    });
    return this.#made;
  }

  /** Settles when no attempt to make the folders goes on. */
  async settled(): Promise<void> {
    await this.#made?.catch(() => undefined);
  }
}

async function makeFolders(paths: StreamPaths): Promise<void> {
  await makeFolder(dirname(paths.folder));
  const isNew = await mkdir(paths.folder).then(
    () => true,
    (error: unknown) => {
      if (errnoOf(error) !== "EEXIST") throw error;
      return false;
    },
  );
  // Files beside a record that could not be read may have been made with other settings.
  const leftovers = [paths.runs, paths.segments, paths.live, paths.renditions];
  if (!isNew) for (const path of leftovers) await rm(path, { recursive: true, force: true });
  for (const path of [paths.segments, paths.runs]) await makeFolder(path);
}
