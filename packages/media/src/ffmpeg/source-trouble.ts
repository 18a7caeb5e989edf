import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { UpreelError, requireSameFile, showFileName, type FileIdentity } from "@upreel/core";
import { diskName } from "./disk-name.ts";
import { isOnGateway } from "./media-input.ts";

/** Errors of a disk that is away or stumbles, as the C library words them (EIO, ENOTCONN, ESTALE …). */
const AWAY = new RegExp(
  [
    ...["Input/output error", "Transport endpoint is not connected", "Stale (NFS )?file handle"],
    ...["Remote I/O error", "Connection timed out", "No such device", "Host is down"],
    ...["Network is (down|unreachable)", "No route to host", "Connection reset by peer"],
  ].join("|"),
);
/** What ffmpeg says of an input, from version 7 on without its name. */
const OF_INPUT = /\[in#\d|demuxing/;

/** What ffmpeg says when the connection to a gateway fails. */
const CUT_OFF =
  /^\[(?:https?|tcp|tls) @|Stream ends prematurely|HTTP error|Server returned|Connection refused/;

/**
 * Whether this line of ffmpeg's says that the film `path` cannot be read now. ffmpeg takes it for the end
 * of the film and goes on to exit code 0.
 */
export const saysUnreadable = (line: string, path: string): boolean =>
  (isOnGateway(path) && CUT_OFF.test(line)) ||
  (AWAY.test(line) && (line.includes(showFileName(path)) || OF_INPUT.test(line)));

/** The first line that says so; undefined: the film ends where ffmpeg found its end. */
export const unreadableLine = (said: string, path: string): string | undefined =>
  said.split("\n").find((line) => saysUnreadable(line, path));

export const sourceUnavailable = (path: string, got: string): UpreelError =>
  new UpreelError("source_unavailable", `${path} cannot be read at the moment`, {
    expected: "a disk that answers",
    got: got.replaceAll(`file:${showFileName(path)}: `, ""),
  });

/** The same for a film that is read from a gateway, which checks that it is still the film that was ordered. */
async function askGatewayAgain({ path, sizeBytes }: FileIdentity, share: number): Promise<void> {
  const from = Math.min(sizeBytes - 1, Math.floor(sizeBytes * Math.min(1, Math.max(0, share))));
  for (const start of [from, Math.max(0, sizeBytes - TRIED_BYTES)]) {
    const range = `bytes=${start}-${Math.min(sizeBytes, start + TRIED_BYTES) - 1}`;
    const signal = AbortSignal.timeout(10_000);
    const answer = await fetch(path, { headers: { Range: range }, signal }).catch(
      (thrown: unknown) => {
        throw sourceUnavailable(path, String(thrown));
      },
    );
    const total = answer.headers.get("content-range")?.split("/")[1];
    await answer.body?.cancel();
    if (answer.status === 206 && total === String(sizeBytes)) continue;
    throw sourceUnavailable(path, `${answer.status}, ${total ?? "no"} bytes in all`);
  }
}

/** How many places are tried, from the one where a film seems to end. */
const TRIED_PLACES = 8;
const TRIED_BYTES = 4096;

/**
 * Asks the file itself whether a film may end at `share` of it (0 to 1): it must be the one that was
 * probed, and be readable from there on. Throws `source_changed` or `source_unavailable`.
 */
export async function askFileAgain(file: FileIdentity, share: number): Promise<void> {
  const { path } = file;
  if (isOnGateway(path)) return askGatewayAgain(file, share);
  try {
    await using handle = await open(diskName(path), constants.O_RDONLY | constants.O_NONBLOCK);
    const { size, mtimeMs } = await handle.stat();
    requireSameFile(file, { path, sizeBytes: size, modifiedMs: mtimeMs });
    const from = Math.floor(size * Math.min(1, Math.max(0, share)));
    const bytes = Buffer.alloc(TRIED_BYTES);
    for (let n = 0; n < TRIED_PLACES; n += 1) {
      const start = from + Math.floor(((size - from) * n) / TRIED_PLACES);
      await handle.read(bytes, 0, TRIED_BYTES, start);
    }
    await handle.read(bytes, 0, TRIED_BYTES, Math.max(0, size - TRIED_BYTES));
  } catch (thrown) {
    if (thrown instanceof UpreelError) throw thrown;
    throw sourceUnavailable(path, thrown instanceof Error ? thrown.message : String(thrown));
  }
}
