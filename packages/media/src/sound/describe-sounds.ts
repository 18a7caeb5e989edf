import { toNumber, type AudioTrack, type FilmTiming } from "@upreel/core";
import type { FfprobeStream } from "../ffmpeg/ffprobe-json.ts";
import type { PacketIndex } from "../packet-index/packet-index.ts";
import type { TrackLog } from "../packet-index/track-log.ts";
import { describeAudio } from "../tracks/tracks.ts";
import { readSoundConfigs } from "./aac-config.ts";
import { whyNotCopied, type SoundEvidence } from "./copied-sound.ts";

export interface SoundsOfFilm {
  readonly path: string;
  readonly format: string;
  /** The sound tracks that belong to the picture. */
  readonly streams: readonly FfprobeStream[];
  readonly index: PacketIndex;
  readonly timing: FilmTiming;
}

/** The sound tracks of a film, with what its packets prove of them. */
export async function describeSounds(
  { path, format, streams, index, timing }: SoundsOfFilm,
  tools: { readonly ffprobe: string },
  signal: AbortSignal,
): Promise<AudioTrack[]> {
  const isWhole = index.end.why === "end";
  const needsConfig = isWhole && streams.some((stream) => stream.codec_name === "aac");
  const configs = needsConfig ? await readSoundConfigs(path, tools, signal) : undefined;
  return streams.map((stream) => {
    const track = describeAudio(stream, timing.zeroMicros / 1e6);
    const log = index.tracks.find((each) => each.track === stream.index);
    const reason = whyNotCopied({
      ...{ track, format, film: spanOf(timing) },
      log: isWhole ? log : undefined,
      config: configs?.get(stream.index),
    });
    const ends = log === undefined || !isWhole ? undefined : endsOf(log, timing);
    return { ...track, ...ends, isCopyable: reason === undefined };
  });
}

/** Where its sound begins and ends by its packets, whatever the header says. */
function endsOf(
  { fragments }: TrackLog,
  { zeroMicros, pieces }: FilmTiming,
): Pick<AudioTrack, "startSeconds" | "endSeconds"> | undefined {
  if (fragments.length === 0 || (pieces !== undefined && pieces.length > 1)) return undefined;
  const start = Math.min(...fragments.map(({ startMicros }) => startMicros));
  const end = Math.max(...fragments.map(({ endMicros }) => endMicros));
  return { startSeconds: (start - zeroMicros) / 1e6, endSeconds: (end - zeroMicros) / 1e6 };
}

function spanOf({ zeroMicros, frameCount, rate, pieces }: FilmTiming): SoundEvidence["film"] {
  if (pieces !== undefined && pieces.length > 1) return undefined;
  return {
    startMicros: zeroMicros,
    endMicros: zeroMicros + (frameCount / toNumber(rate)) * 1e6,
  };
}
