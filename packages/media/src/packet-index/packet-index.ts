import type { FileIdentity } from "@upreel/core";
import { longestReadMs } from "../ffprobe.ts";
import { FILM_ONLY, fileUrl } from "../media-input.ts";
import { readPackets, type PacketsEnd } from "./read-packets.ts";
import { createTrackLog, type TrackLog } from "./track-log.ts";

/** What all packets of a film say of its tracks. */
export interface PacketIndex {
  /** `end`: every packet was read. Else the tracks are those of the first part of the film. */
  readonly end: PacketsEnd;
  /** Tracks of pictures and sound that have packets, by their index in the file. */
  readonly tracks: readonly TrackLog[];
}

export interface PacketIndexing {
  /** Settles at the end of the file or of its bounds. Rejects with `ffmpeg_missing` or the abort reason. */
  readonly whole: Promise<PacketIndex>;
  /** What has been read up to now. */
  soFar(): PacketIndex;
  readonly stop: () => void;
}

/**
 * Reads the packets of a film in one pass, without decoding one: about five seconds of one core for
 * two hours that lie in memory, else what the disk takes to read all of the file.
 */
export function indexPackets(
  file: FileIdentity,
  tools: { readonly ffprobe: string },
  signal: AbortSignal,
): PacketIndexing {
  const logs = new Map<number, ReturnType<typeof createTrackLog>>();
  const sounds: ReturnType<typeof createTrackLog>[] = [];
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(longestReadMs(file.sizeBytes))]);
  const reading = readPackets(
    [...FILM_ONLY, fileUrl(file.path)],
    tools,
    (packet) => {
      let log = logs.get(packet.track);
      if (log === undefined) {
        log = createTrackLog(packet.track, packet.kind);
        logs.set(packet.track, log);
        if (packet.kind === "audio") sounds.push(log);
      }
      const jump = log.add(packet);
      if (jump === "back" && packet.kind === "video") for (const other of sounds) other.cut();
    },
    bounded,
  );
  const describe = (end: PacketsEnd): PacketIndex => ({
    end,
    tracks: [...logs.values()]
      .map((log) => log.log())
      .filter(({ fragments }) => fragments.length > 0),
  });
  return {
    whole: reading.ended.then((end) => {
      signal.throwIfAborted();
      return describe(end);
    }),
    soFar: () => describe({ why: "stopped" }),
    stop: reading.stop,
  };
}
