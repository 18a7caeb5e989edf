import { UpreelError } from "@upreel/core";
import type { FfprobeFile, FfprobeStream } from "../ffmpeg/ffprobe-json.ts";
import type { PacketIndex } from "../packet-index/packet-index.ts";
import { chooseVideoStream } from "../tracks/video-track.ts";

/** The video track. Without `index`, the header says how many pictures each track has. Throws `source_no_video`. */
export function requireVideo(path: string, probe: FfprobeFile, index?: PacketIndex): FfprobeStream {
  const stream = chooseVideoStream(probe.streams, picturesIn(index));
  if (stream !== undefined) return stream;
  const kinds = probe.streams.map((s) => `${s.codec_type ?? "unknown"} (${s.codec_name ?? "?"})`);
  throw noVideo(path, kinds.length === 0 ? "no tracks" : kinds.join(", "));
}

export const noVideo = (path: string, got: string): UpreelError =>
  new UpreelError("source_no_video", `${path} has no film in it`, {
    expected: "a video track",
    got,
  });

/** How many pictures were found in each track. The first part of a long film is enough to tell a cover from a film. */
const picturesIn = (index: PacketIndex | undefined): ReadonlyMap<number, number> | undefined =>
  index === undefined
    ? undefined
    : new Map(
        index.tracks.map(({ track, pictures, untimed }) => [track, pictures.length + untimed]),
      );
