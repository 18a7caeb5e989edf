import type { FileIdentity } from "@upreel/core";
import { longestReadMs } from "../ffmpeg/ffprobe.ts";
import { FILM_ONLY, fileUrl } from "../ffmpeg/media-input.ts";
import { readPackets, type PacketsEnd } from "./read-packets.ts";
import { createTrackLog, type TrackLog } from "./track-log.ts";

/** What all packets of a film say of its tracks. */
export interface PacketIndex {
  /** `end`: every packet was read. Else the tracks are those of the first part of the film. */
  readonly end: PacketsEnd;
  /** Tracks of pictures and sound that have packets, by their index in the file. */
  readonly tracks: readonly TrackLog[];
}

/** So much of a film is read before it is planned; a longer one is known by this part at first. */
const FIRST_PART_PACKETS = 25_000;
/** Two minutes of 24 pictures a second and AAC. */
const BEGINNING_PACKETS = 8_000;
/** Of either. */
const MOST_BYTES = 64 * 1024 * 1024;

export interface PacketIndexing {
  /**
   * Settles when the beginning is read (8,000 packets or 64 MiB, a tenth of a second of a core with the start of
   * ffprobe): enough of what is longer than the first part in any case.
   */
  readonly beginning: Promise<PacketIndex>;
  /**
   * Settles when the first part is read (25,000 packets or 64 MiB, a quarter of a second of a core), with all that is
   * known then. Bounded by the file, not by time: the same film gives the same part on any machine.
   */
  readonly firstPart: Promise<PacketIndex>;
  /** Settles at the end of the file or of its bounds. Rejects with `ffmpeg_missing` or the abort reason. */
  readonly whole: Promise<PacketIndex>;
  /** What is known by now. */
  readonly now: () => PacketIndex;
  readonly stop: () => void;
}

/** What is waited for of a film, and whether that is read. */
interface Part extends PromiseWithResolvers<PacketIndex> {
  readonly most: number;
  isOver: boolean;
}

/**
 * Options of the input that make ffprobe wait for more at the end of a file, and not look for that end
 * first: the packets of a broadcast come as they are written, and `whole` settles when it is stopped.
 */
const FOLLOWING = ["-follow", "1", "-skip_estimate_duration_from_pts", "1"];

/**
 * Reads the packets of a film in one pass, without decoding one: about five seconds of one core for
 * two hours that lie in memory, else what the disk takes to read all of the file.
 */
export function indexPackets(
  file: FileIdentity,
  tools: { readonly ffprobe: string; readonly niceness?: number | undefined },
  signal: AbortSignal,
  { follows = false }: { readonly follows?: boolean } = {},
): PacketIndexing {
  const logs = new Map<number, ReturnType<typeof createTrackLog>>();
  const sounds: ReturnType<typeof createTrackLog>[] = [];
  const longestMs = longestReadMs(file.sizeBytes, tools.niceness);
  const bounds = follows ? [] : [AbortSignal.timeout(longestMs)];
  const bounded = AbortSignal.any([signal, ...bounds]);
  const [beginning, firstPart] = [BEGINNING_PACKETS, FIRST_PART_PACKETS].map((most) => ({
    most,
    isOver: false,
    ...Promise.withResolvers<PacketIndex>(),
  })) as [Part, Part];
  let packets = 0;
  const reading = readPackets(
    [...(follows ? FOLLOWING : []), ...FILM_ONLY, fileUrl(file.path)],
    tools,
    (packet) => {
      let log = logs.get(packet.track);
      if (log === undefined) {
        log = createTrackLog(packet.track, packet.kind);
        logs.set(packet.track, log);
        if (packet.kind === "audio") sounds.push(log);
      }
      const jump = log.add(packet);
      packets += 1;
      const isPastBytes = (packet.position ?? 0) > MOST_BYTES;
      for (const part of [beginning, firstPart]) {
        if (part.isOver || (packets < part.most && !isPastBytes)) continue;
        part.isOver = true;
        part.resolve(describe({ why: "stopped" }));
      }
      if (jump === "back" && packet.kind === "video") for (const other of sounds) other.cut();
    },
    bounded,
  );
  const describe = (end: PacketsEnd): PacketIndex => ({
    end,
    tracks: [...logs.values()].map((log) => log.log()),
  });
  const whole = reading.ended.then((end) => {
    signal.throwIfAborted();
    return describe(end);
  });
  const parts = {
    beginning: Promise.race([beginning.promise, whole]),
    firstPart: Promise.race([firstPart.promise, whole]),
    whole,
  };
  // Whoever wants only one of them, or has given up before, must not be told of the others.
  for (const each of Object.values(parts)) each.catch(() => {});
  return {
    ...parts,
    now: () => describe({ why: "growing" }),
    stop: reading.stop,
  };
}
