import {
  MOST_SEGMENTS,
  UpreelError,
  filmParts,
  frameSeconds,
  type FilmPart,
  type Source,
  type Timeline,
} from "@upreel/core";
import { longestReadMs } from "../ffmpeg/ffprobe.ts";
import type { Packet } from "../packet-index/packet.ts";
import { readPackets, type PacketsEnd } from "../packet-index/read-packets.ts";
import { partInput } from "../ffmpeg/part-input.ts";
import { sourceUnavailable, unreadableLine } from "../ffmpeg/source-trouble.ts";

/** Where a film can be entered without decoding what is before. */
export interface KeyFrames {
  /** In the order of the film. */
  readonly groups: readonly PictureGroup[];
  /** When the last picture ends, in microseconds of the film. */
  readonly endMicros: number;
}

/** Pictures from a key frame up to the next. */
interface PictureGroup {
  /** The part of the film (`filmParts`) that it lies in. */
  readonly part: number;
  /** When its key frame is shown, in microseconds of the film. */
  readonly startMicros: number;
  readonly bytes: number;
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
  const parts = filmParts(timeline);
  const groups = groupPictures(parts, frameSeconds(timeline, 1));
  // Parts that share the clock of the file are read in one pass.
  const passes = parts.every(({ bytes }) => bytes !== undefined) ? parts : parts.slice(0, 1);
  const longestMs = longestReadMs(source.sizeBytes);
  const deadline = AbortSignal.timeout(longestMs);
  let end: PacketsEnd = { why: "end" };
  for (const [n, part] of passes.entries()) {
    const reading = readPackets(
      ["-select_streams", String(source.video.index), ...partInput(source, part)],
      tools,
      (packet) => {
        groups.add(packet, passes.length > 1 ? n : undefined);
        if (groups.count() > MOST_SEGMENTS) reading.stop();
      },
      AbortSignal.any([signal, deadline]),
    );
    end = await reading.ended;
    signal.throwIfAborted();
    if (groups.count() > MOST_SEGMENTS) throw tooMany(source.path);
    if (deadline.aborted) {
      throw new UpreelError("timeout", `reading ${source.path} took too long`, {
        expected: `at most ${Math.ceil(longestMs / 60_000)} minutes`,
      });
    }
    const unread = end.why === "broken" ? unreadableLine(end.said, source.path) : undefined;
    if (unread !== undefined) throw sourceUnavailable(source.path, unread);
  }
  const found = groups.found();
  if (found.groups.length > 0) return found;
  throw new UpreelError("source_unreadable", `${source.path} has no key frame`, {
    expected: "a picture that can be decoded by itself",
    got: (end.why === "broken" ? end.said.split("\n").at(-1) : undefined) ?? "",
  });
}

/** Even the longest film has fewer; with more, the times in the file run to and fro. */
const tooMany = (path: string): UpreelError =>
  new UpreelError("source_unreadable", `the times of the pictures in ${path} make no sense`, {
    expected: `at most ${MOST_SEGMENTS} places to enter the film`,
    got: "more",
  });

function groupPictures(parts: readonly FilmPart[], pictureSeconds: number) {
  const groups: { part: number; startMicros: number; bytes: number }[] = [];
  let endMicros = 0;

  /** `opened`: the part that it was read from, where its clock alone does not tell. */
  function placeOf({ ptsMicros, dtsMicros }: Packet, opened: number | undefined) {
    // AVI tells the decoding time alone.
    const clock = ptsMicros ?? dtsMicros;
    if (clock === undefined) return undefined;
    const places = parts.map(({ offsetSeconds, startSeconds, endSeconds }, part) => {
      const seconds = clock / 1e6 + offsetSeconds;
      // The first picture of a part may be shown a little before its first frame.
      const isIn = seconds > startSeconds - pictureSeconds && seconds < endSeconds;
      return { part, micros: Math.round(seconds * 1e6), isIn };
    });
    if (parts.length === 1) return places[0];
    return opened === undefined ? places.findLast(({ isIn }) => isIn) : places[opened];
  }

  return {
    count: () => groups.length,
    add(packet: Packet, opened: number | undefined): void {
      const place = placeOf(packet, opened);
      // A packet on another clock, left over from the recording before.
      if (parts.length > 1 && place?.isIn !== true) return;
      if (place !== undefined && packet.isKey) {
        const last = groups.at(-1);
        const since = place.micros - (last?.startMicros ?? -Infinity);
        if (last?.part !== place.part || Math.abs(since) >= SHORTEST_GROUP_MICROS)
          groups.push({ part: place.part, startMicros: place.micros, bytes: 0 });
      }
      const group = groups.at(-1);
      // Pictures before the first key frame cannot be shown.
      if (group === undefined) return;
      group.bytes += packet.bytes;
      endMicros = Math.max(endMicros, (place?.micros ?? 0) + (packet.durationMicros ?? 0));
    },
    found: (): KeyFrames => ({
      groups: groups.toSorted((a, b) => a.part - b.part || a.startMicros - b.startMicros),
      endMicros,
    }),
  };
}
