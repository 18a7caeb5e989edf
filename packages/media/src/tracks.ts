import type { AudioTrack, Source } from "@upreel/core";
import { endOfTrack } from "./track-end.ts";
import { parseSeconds, type FfprobeFile, type FfprobeStream } from "./ffprobe-json.ts";

export function describeAudio(stream: FfprobeStream, zeroSeconds: number): AudioTrack {
  const start = parseSeconds(stream.start_time);
  const end = endOfTrack(stream, zeroSeconds);
  return {
    index: stream.index,
    codec: stream.codec_name ?? "unknown",
    profile: stream.profile,
    channels: stream.channels ?? 0,
    sampleRate: Number(stream.sample_rate ?? 0),
    language: stream.tags?.["language"],
    title: stream.tags?.["title"],
    isDefault: stream.disposition?.default === 1,
    startSeconds: start === undefined ? undefined : start - zeroSeconds,
    endSeconds: end === undefined ? undefined : end - zeroSeconds,
  };
}

export const describeSubtitle = (stream: FfprobeStream): Source["subtitles"][number] => ({
  index: stream.index,
  codec: stream.codec_name ?? "unknown",
  language: stream.tags?.["language"],
  title: stream.tags?.["title"],
  isDefault: stream.disposition?.default === 1,
  isForced: stream.disposition?.forced === 1,
});

export const describeChapter = (
  chapter: FfprobeFile["chapters"][number],
): Source["chapters"][number] => ({
  startSeconds: parseSeconds(chapter.start_time) ?? 0,
  endSeconds: parseSeconds(chapter.end_time) ?? 0,
  title: chapter.tags?.["title"],
});
