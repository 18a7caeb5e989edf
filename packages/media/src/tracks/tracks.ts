import {
  durationSeconds,
  filmSeconds,
  type AudioTrack,
  type FilmTiming,
  type Source,
} from "@upreel/core";
import { endOfTrack } from "./track-end.ts";
import { parseSeconds, type FfprobeFile, type FfprobeStream } from "../ffmpeg/ffprobe-json.ts";

/** Marks of tracks that are not what most viewers want to hear. */
const ASIDE = [
  "comment",
  "visual_impaired",
  "hearing_impaired",
  "descriptions",
  "clean_effects",
  "lyrics",
  "karaoke",
] as const;

/**
 * The streams that belong to the picture. In a transport stream with several programmes these are the streams of the
 * picture's own programme, and those that belong to no programme.
 */
export function streamsOfProgramme(
  { streams, programs }: FfprobeFile,
  picture: FfprobeStream,
): FfprobeStream[] {
  const listed = programs.map((program) => new Set(program.streams.map(({ index }) => index)));
  const own = listed.find((indexes) => indexes.has(picture.index));
  if (own === undefined) return streams;
  return streams.filter(
    ({ index }) => own.has(index) || !listed.some((indexes) => indexes.has(index)),
  );
}

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
    isAside: ASIDE.some((mark) => stream.disposition?.[mark] === 1),
    startSeconds: start === undefined ? undefined : start - zeroSeconds,
    endSeconds: end === undefined ? undefined : end - zeroSeconds,
  };
}

export const describeSubtitle = (stream: FfprobeStream): Source["subtitles"][number] => ({
  ...canvasOf(stream),
  index: stream.index,
  codec: stream.codec_name ?? "unknown",
  language: stream.tags?.["language"],
  title: stream.tags?.["title"],
  isDefault: stream.disposition?.default === 1,
  isForced: stream.disposition?.forced === 1,
});

/** The size of the picture that subtitles are drawn for, if they are pictures and ffprobe knows it. */
export const canvasOf = ({
  width = 0,
  height = 0,
}: Pick<FfprobeStream, "width" | "height">): Pick<Source["subtitles"][number], "canvas"> =>
  width > 0 && height > 0 ? { canvas: { width, height } } : {};

/** The chapters with times of the film, without those that lie outside it. */
export function describeChapters(
  chapters: FfprobeFile["chapters"],
  timing: FilmTiming,
): Source["chapters"] {
  return chapters.flatMap((chapter) => {
    const [start, end] = [parseSeconds(chapter.start_time), parseSeconds(chapter.end_time)];
    const startSeconds = filmSeconds(timing, start ?? 0);
    const endSeconds = filmSeconds(timing, end ?? 0);
    if (startSeconds >= durationSeconds(timing) || endSeconds <= startSeconds) return [];
    return [{ startSeconds, endSeconds, title: chapter.tags?.["title"] }];
  });
}
