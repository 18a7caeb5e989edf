import { segmentFrames, frameSeconds, toUpreelError } from "@upreel/core";
import { startFfmpeg, type FfmpegOptions, type FfmpegProcess } from "../ffmpeg/start-ffmpeg.ts";
import { feedSound } from "./feed-sound.ts";
import type { SoundRequest } from "./sound-grid.ts";

/** An ffmpeg that encodes, with all that works for it. */
export interface EncoderProcess extends FfmpegProcess {
  /** The film ends after so many frames of this run: its sound does, too. */
  endSoundAfter(frames: number): void;
}

/**
 * Starts an ffmpeg whose arguments read the sound of `sound` from standard input (`audioArguments`),
 * and feeds it. `exited` settles when the decoder of the sound is gone, too.
 * Throws `ffmpeg_missing` when it cannot be started.
 */
export function startEncoder(
  args: readonly string[],
  sound: SoundRequest | undefined,
  options: FfmpegOptions,
): EncoderProcess {
  if (sound === undefined) return { ...startFfmpeg(args, options), endSoundAfter: () => {} };
  const encoder = startFfmpeg(args, { ...options, pipes: ["stdin"] });
  if (encoder.stdin === undefined) return { ...encoder, endSoundAfter: () => {} };
  const ending = new AbortController();
  const feed = feedSound(sound, encoder.stdin, options, ending.signal);
  const failed = feed.ended.then(
    () => undefined,
    (thrown: unknown) => {
      encoder.kill();
      const { message, got } = toUpreelError(thrown);
      return got === undefined ? message : `${message}: ${got}`;
    },
  );
  const exited = encoder.exited.then(async (exit) => {
    ending.abort();
    const problem = await failed;
    return problem === undefined ? exit : { ...exit, stderrTail: problem };
  });
  return {
    ...encoder,
    exited,
    endSoundAfter(frames) {
      const { timeline, audio, fromSegment } = sound;
      const end = segmentFrames(timeline, fromSegment).first + frames;
      feed.cutAt(Math.ceil(frameSeconds(timeline, end) * audio.sampleRate));
    },
  };
}
