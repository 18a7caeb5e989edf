import { UpreelError } from "@upreel/core";
import { execa } from "execa";
import type { z } from "zod";
import { canReadBytes } from "./can-read-bytes.ts";
import { mediaCommand } from "./media-command.ts";
import { sourceUnavailable, unreadableLine } from "./source-trouble.ts";
import { lowerPriority, patientMs } from "./lower-priority.ts";
import { FILM_ONLY, fileUrl, refusedFormat } from "./media-input.ts";

/** ffprobe reads a header in well under a second; a file on a dead network mount never answers. */
const HEADER_TIMEOUT_MS = 30_000;
/** What a slow network disk gives: 10 MB a second. */
const SLOWEST_BYTES_PER_MS = 10_000;

const IS_PICTURE = /(_pipe|^image2)$/;

/** How long reading a whole file may take. */
export const longestReadMs = (sizeBytes: number, niceness?: number): number =>
  patientMs(HEADER_TIMEOUT_MS, niceness) + Math.ceil(sizeBytes / SLOWEST_BYTES_PER_MS);

/**
 * Runs ffprobe on one local file and parses its JSON; by default it may take what reading a header takes.
 * Throws `source_unavailable` when its disk fails, `source_unreadable` with what ffprobe said, `ffmpeg_missing`, `timeout`, or the abort reason.
 */
export async function ffprobe<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  args: readonly string[],
  tool: { readonly ffprobe: string; readonly niceness?: number | undefined },
  signal: AbortSignal,
  timeoutMs = patientMs(HEADER_TIMEOUT_MS, tool.niceness),
  /** What may be opened at all. */
  only = FILM_ONLY,
): Promise<z.infer<Schema>> {
  const run = async () => {
    const running = execa(
      ...mediaCommand(tool.ffprobe, [
        ...["-v", "error", "-of", "json", ...only, ...args, fileUrl(path)],
      ]),
      {
        cancelSignal: signal,
        timeout: timeoutMs,
        forceKillAfterDelay: 100,
        stdin: "ignore",
        reject: false,
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    lowerPriority(running.pid, tool.niceness);
    const ran = await running;
    signal.throwIfAborted();
    return ran;
  };
  let result = await run();
  const line = unreadableLine(result.stderr, path);
  if (line !== undefined) {
    if (!(await canReadBytes(path, tool, signal))) throw sourceUnavailable(path, line);
    // It may have been the disk, which is well again; what is said twice is said of the file.
    result = await run();
  }
  if (result.timedOut) {
    throw new UpreelError("timeout", `ffprobe did not answer on ${path}`, {
      expected: `an answer in ${timeoutMs / 1000} s`,
    });
  }
  if (result.code === "ENOENT") {
    throw new UpreelError("ffmpeg_missing", `cannot run ${tool.ffprobe}`, { cause: result.cause });
  }
  if (result.failed) throw unreadable(path, result.stderr);
  const parsed = schema.safeParse(JSON.parse(result.stdout));
  if (!parsed.success) throw unreadable(path, parsed.error.message);
  return parsed.data;
}

function unreadable(path: string, said: string): UpreelError {
  const format = refusedFormat(said);
  if (format !== undefined) {
    const code = IS_PICTURE.test(format) ? "source_no_video" : "source_unreadable";
    return new UpreelError(code, `cannot read ${path} as a film`, {
      expected: "a format of films, such as Matroska, MP4, AVI or MPEG-TS",
      got: `a file of the format ${format}`,
    });
  }
  const lines = said
    .split("\n")
    .map((line) => line.replaceAll(fileUrl(path), "").replace(/^[\s:]+|\s*@ 0x[0-9a-f]+/g, ""))
    .filter((line) => line !== "");
  const got = lines.slice(-3).join("; ");
  return new UpreelError("source_unreadable", `cannot read ${path} as a film`, {
    expected: "a media file that ffmpeg can open",
    got: got === "" ? "nothing that ffprobe recognises" : got,
  });
}
