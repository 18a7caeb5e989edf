import { execa } from "execa";
import { mediaCommand } from "./media-command.ts";
import { fileUrl } from "./media-input.ts";
import { unreadableLine } from "./source-trouble.ts";

/** Packets of 1024 bytes, as ffmpeg's `data` format reads any file: eight megabytes, which is more than any header has. */
const PACKETS = 8_000;
const LONGEST_MS = 30_000;

/**
 * Whether the disk gives the beginning of a file, whatever is in it: ffmpeg says the same of a disk that fails as of a
 * Matroska file that was cut within its header. A process reads it, because on a share that hangs a read by Node itself
 * would keep one of its few threads.
 */
export async function canReadBytes(
  path: string,
  tool: { readonly ffprobe: string },
  signal: AbortSignal,
): Promise<boolean> {
  const { failed, stderr } = await execa(
    ...mediaCommand(tool.ffprobe, [
      ...["-v", "error", "-protocol_whitelist", "file", "-f", "data"],
      ...["-read_intervals", `%+#${PACKETS}`, "-show_entries", "packet=size"],
      ...["-of", "csv=p=0", fileUrl(path)],
    ]),
    {
      cancelSignal: signal,
      timeout: LONGEST_MS,
      forceKillAfterDelay: 100,
      stdin: "ignore",
      stdout: "ignore",
      reject: false,
    },
  );
  signal.throwIfAborted();
  return !failed && unreadableLine(stderr, path) === undefined;
}
