import { readCartridge } from "../cartridge-file.ts";
import { isPipe, listenToKeys } from "./player-keys.ts";
import { openSession } from "./session-record.ts";
import { transcode } from "./transcode.ts";

/**
 * What the shim runs in place of ffmpeg for a transcode to HLS: `run-cartridge.ts <cartridge.json> <arguments…>`. Whatever
 * fails before a player can have anything leads to Jellyfin's own ffmpeg with its own arguments, in this process.
 */
const [path = "", ...words] = process.argv.slice(2);
const cartridge = readCartridge(path);
const session = openSession(cartridge.sessions, words, new Date());
const stopped = new AbortController();
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
  process.on(signal, () => stopped.abort());
// Jellyfin has gone: there is nobody to tell.
process.stderr.on("error", () => undefined);
const ending = await transcode(
  words,
  cartridge,
  {
    ...{ keys: listenToKeys(process.stdin, isPipe(0)), stderr: process.stderr },
    stopped: stopped.signal,
  },
  session,
);
// The same process goes on as ffmpeg, whom Jellyfin may kill.
if (ending === "original") process.execve?.(cartridge.ffmpeg, [cartridge.ffmpeg, ...words]);
process.exit(0);
