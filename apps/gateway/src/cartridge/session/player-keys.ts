import { fstatSync } from "node:fs";

/** What Jellyfin tells its ffmpeg by keys. */
export interface PlayerKeys {
  /** Aborted by `q`, and by the end of the pipe that Jellyfin holds. */
  readonly quit: AbortSignal;
  /** Pending between `p` and `u`. */
  readonly whenWanted: () => Promise<void>;
  /** Of each key, from now on; one that is held is told at once. */
  passTo(press: (keys: string) => void): void;
}

/** Listens on `input`: a pipe's end is Jellyfin's end, a file's or a terminal's says nothing. */
export function listenToKeys(input: NodeJS.ReadStream, isPipe: boolean): PlayerKeys {
  const quit = new AbortController();
  let held: PromiseWithResolvers<void> | undefined;
  let press: ((keys: string) => void) | undefined;
  const release = (): void => {
    held?.resolve();
    held = undefined;
  };
  input.on("data", (chunk: Buffer | string) => {
    const keys = String(chunk);
    for (const key of keys) {
      if (key === "p") held ??= Promise.withResolvers<void>();
      else if (key === "u") release();
      else if (key === "q") quit.abort();
    }
    press?.(keys);
  });
  input.on("error", () => undefined);
  if (isPipe) input.on("end", () => quit.abort());
  quit.signal.addEventListener("abort", release);
  return {
    quit: quit.signal,
    whenWanted: () => held?.promise ?? Promise.resolve(),
    passTo(next) {
      press = next;
      if (held !== undefined) next("p");
    },
  };
}

/** Whether somebody at its other end can close it. */
export function isPipe(fd: number): boolean {
  try {
    const stats = fstatSync(fd);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    return false;
  }
}
