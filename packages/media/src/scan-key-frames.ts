import { MOST_SEGMENTS, UpreelError, type Source, type Timeline } from "@upreel/core";
import { execa } from "execa";
import { sourceUnavailable, unreadableLine } from "./source-trouble.ts";
import { longestReadMs } from "./ffprobe.ts";
import { mediaCommand } from "./media-command.ts";
import { FILM_ONLY, fileUrl } from "./media-input.ts";

/** Where a film can be entered without decoding what is before. */
export interface KeyFrames {
  /** Of each group of pictures, in order: when its key frame is shown, and the bytes of all of it. */
  readonly groups: readonly { readonly startMicros: number; readonly bytes: number }[];
  /** When the last picture ends. Both on the timeline: microseconds from its zero. */
  readonly endMicros: number;
}

/** Where every picture is a key frame, a place to enter the film each half second is enough. */
const SHORTEST_GROUP_MICROS = 500_000;

/**
 * Reads all video packets of a film, without decoding one. Throws `source_unreadable`, `timeout`, or
 * the abort reason.
 */
export async function scanKeyFrames(
  { source, timeline }: { readonly source: Source; readonly timeline: Timeline },
  tools: { readonly ffprobe: string },
  signal: AbortSignal,
): Promise<KeyFrames> {
  const longestMs = longestReadMs(source.sizeBytes);
  const probe = execa(
    ...mediaCommand(tools.ffprobe, [
      ...["-v", "error", ...FILM_ONLY],
      ...["-select_streams", String(source.video.index)],
      ...["-show_entries", "packet=pts_time,dts_time,duration_time,size,flags"],
      // Names stay, since versions differ in the order; a line a packet.
      ...["-of", "compact=p=0", fileUrl(source.path)],
    ]),
    {
      cancelSignal: signal,
      timeout: longestMs,
      forceKillAfterDelay: 100,
      stdin: "ignore",
      buffer: { stdout: false },
      reject: false,
    },
  );
  const groups: { startMicros: number; bytes: number }[] = [];
  let endMicros = 0;
  for await (const line of probe) {
    const packet = readPacket(line);
    if (packet.isKey && packet.seconds !== undefined) {
      const startMicros = onTimeline(packet.seconds, timeline);
      const sinceMicros = startMicros - (groups.at(-1)?.startMicros ?? -Infinity);
      if (Math.abs(sinceMicros) >= SHORTEST_GROUP_MICROS) groups.push({ startMicros, bytes: 0 });
      if (groups.length > MOST_SEGMENTS) throw tooMany(source.path);
    }
    const group = groups.at(-1);
    // Pictures before the first key frame cannot be shown.
    if (group === undefined) continue;
    group.bytes += packet.bytes;
    const end = (packet.seconds ?? 0) + (packet.durationSeconds ?? 0);
    endMicros = Math.max(endMicros, onTimeline(end, timeline));
  }
  const result = await probe;
  signal.throwIfAborted();
  if (result.timedOut) {
    throw new UpreelError("timeout", `reading ${source.path} took too long`, {
      expected: `at most ${Math.ceil(longestMs / 60_000)} minutes`,
    });
  }
  const unread = unreadableLine(result.stderr, source.path);
  if (unread !== undefined) throw sourceUnavailable(source.path, unread);
  if (groups.length === 0) {
    throw new UpreelError("source_unreadable", `${source.path} has no key frame`, {
      expected: "a picture that can be decoded by itself",
      got: result.stderr.split("\n").at(-1) ?? "",
    });
  }
  groups.sort((a, b) => a.startMicros - b.startMicros);
  return { groups, endMicros };
}

/** Of the longest film it has fewer: the times in the file run to and fro. */
const tooMany = (path: string): UpreelError =>
  new UpreelError("source_unreadable", `the times of the pictures in ${path} make no sense`, {
    expected: `at most ${MOST_SEGMENTS} places to enter the film`,
    got: "more",
  });

const onTimeline = (seconds: number, { zeroMicros }: Timeline): number =>
  Math.round(seconds * 1e6) - zeroMicros;

function readPacket(line: string) {
  const fields = new Map(
    line.split("|").map((field) => field.split("=", 2) as [string, string | undefined]),
  );
  const numberOf = (name: string): number | undefined => {
    const value = Number.parseFloat(fields.get(name) ?? "");
    return Number.isFinite(value) ? value : undefined;
  };
  return {
    // AVI tells the decoding time alone.
    seconds: numberOf("pts_time") ?? numberOf("dts_time"),
    durationSeconds: numberOf("duration_time"),
    bytes: numberOf("size") ?? 0,
    isKey: fields.get("flags")?.startsWith("K") === true,
  };
}
