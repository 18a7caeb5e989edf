import { watch } from "node:fs";
import { toUpreelError, type Log } from "@upreel/core";
import { isThere } from "@upreel/files";
import { cartridgePaths } from "./cartridge-paths.ts";
import { putShim, uninstallCartridge } from "./install-cartridge.ts";
import { knownCartridges } from "./known-cartridges.ts";
import { readShim, shimText } from "./shim.ts";

/** `away`: there is no cartridge, or no ffmpeg. */
type Health = "healed" | "sound" | "away";

/** Puts the shim back before a new ffmpeg, which an update put in its place, and renews that of an older Upreel. */
async function healCartridge(folder: string): Promise<Health> {
  const { ffmpeg, file } = cartridgePaths(folder);
  if (!(await isThere(file)) || !(await isThere(ffmpeg))) return "away";
  if ((await readShim(ffmpeg)) === shimText(folder)) return "sound";
  await putShim(folder);
  if (await isThere(file)) return "healed";
  // Somebody took it away meanwhile.
  await uninstallCartridge(folder);
  return "away";
}

/** Of folders that tell nothing of their changes, and of new ones. */
const LOOK_EVERY_MS = 60_000;

/**
 * Looks after the cartridges of this data folder until it is disposed, also after those that are installed
 * meanwhile.
 */
export async function keepCartridges(
  dataDir: string,
  log: Log,
  lookEveryMs = LOOK_EVERY_MS,
): Promise<AsyncDisposable> {
  const known = knownCartridges(dataDir);
  const kept = new Map<string, AsyncDisposable>();
  const look = async (): Promise<void> => {
    const folders = await known.list();
    for (const folder of folders)
      if (!kept.has(folder)) kept.set(folder, keepCartridge(folder, log, lookEveryMs));
    for (const [folder, keeper] of kept) {
      if (folders.includes(folder)) continue;
      kept.delete(folder);
      await keeper[Symbol.asyncDispose]();
    }
  };
  await look();
  let looking = Promise.resolve();
  const timer = setInterval(() => void (looking = looking.then(look)), lookEveryMs);
  timer.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await looking;
      await Promise.all([...kept.values()].map((keeper) => keeper[Symbol.asyncDispose]()));
    },
  };
}

/** Looks after one. What cannot be healed is said once. */
function keepCartridge(folder: string, log: Log, lookEveryMs: number): AsyncDisposable {
  let said = "";
  let next: Promise<void> | undefined;
  let looking = Promise.resolve();
  const heal = async (isByClock: boolean): Promise<void> => {
    next = undefined;
    try {
      if ((await healCartridge(folder)) === "healed")
        log.info("The cartridge is back before Jellyfin's new ffmpeg", { folder });
      said = "";
    } catch (thrown) {
      const { message, expected, got } = toUpreelError(thrown);
      // A program that is being written does not run yet.
      if (!isByClock || message === said) return;
      log.warn("The cartridge cannot be put back", { folder, message, expected, got });
      said = message;
    }
  };
  const look = (isByClock: boolean): void => {
    next ??= looking = looking.then(() => heal(isByClock));
  };
  const timer = setInterval(() => look(true), lookEveryMs);
  timer.unref();
  const watcher = watchFolder(folder, () => look(false));
  look(true);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      watcher?.close();
      await looking;
    },
  };
}

function watchFolder(folder: string, onChange: () => void) {
  try {
    const watcher = watch(folder, { persistent: false }, onChange);
    // Then it is looked at by the clock.
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
