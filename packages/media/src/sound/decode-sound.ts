import type { Source } from "@upreel/core";
import { partInput, seekSeconds } from "../ffmpeg/part-input.ts";
import { saysUnreadable, sourceUnavailable, unreadableLine } from "../ffmpeg/source-trouble.ts";
import { startFfmpeg } from "../ffmpeg/start-ffmpeg.ts";
import type { SoundBlock, SoundSpan } from "./place-sound.ts";
import { readBlocks } from "./read-blocks.ts";
import type { EncodedAudio } from "./sound-grid.ts";
import type { SoundPart } from "./sound-parts.ts";

export interface SoundTools {
  readonly ffmpeg: string;
}

/** One layout for the film, whatever its packets have: those for which AAC needs no description of its own. */
const LAYOUTS: Readonly<Record<number, string>> = { 1: "mono", 2: "stereo", 6: "5.1" };

/** How far before the wanted place decoding begins; a seek can land late, then more is tried. */
const MARGINS_SECONDS = [12, 60, 300] as const;
/** Sound that begins so long after the wanted place may have been missed. */
const LATE_SECONDS = 0.1;

/**
 * Decodes the sound of a part of the film from its first wanted sample, or somewhat earlier, on. Ends
 * where the track does. Leaving the loop ends the ffmpeg.
 */
export async function* decodeSound(
  source: Source,
  audio: EncodedAudio,
  part: SoundPart,
  tools: SoundTools,
  signal: AbortSignal,
): AsyncGenerator<SoundBlock> {
  const lateSample = part.from + LATE_SECONDS * audio.sampleRate;
  const margins = MARGINS_SECONDS.filter(
    (margin) => seekSeconds(source, part, beginOf(part, audio) - margin) !== undefined,
  );
  for (const margin of [...margins, undefined]) {
    const blocks = decodeFrom(source, audio, part, margin, tools, signal);
    const first = await blocks.next();
    const hasMissed = first.done === true || (first.value.at ?? 0) > lateSample;
    // Beyond the last margin the track has a hole there, as a rule: not all of the film is read for it.
    if (hasMissed && margin !== undefined && margin !== MARGINS_SECONDS.at(-1)) {
      await blocks.return(undefined);
      continue;
    }
    if (first.done !== true) yield first.value;
    yield* blocks;
    return;
  }
}

/** Where the wanted sound begins on the film, in seconds. */
const beginOf = (part: SoundPart, audio: EncodedAudio): number => part.from / audio.sampleRate;

async function* decodeFrom(
  source: Source,
  audio: EncodedAudio,
  part: SoundPart,
  margin: number | undefined,
  tools: SoundTools,
  signal: AbortSignal,
): AsyncGenerator<SoundBlock> {
  // Without a margin the part is read from its beginning.
  const fromSeconds = margin === undefined ? undefined : beginOf(part, audio) - margin;
  const decoder = startFfmpeg(soundDecodeArguments(source, audio, part, fromSeconds), {
    ffmpeg: tools.ffmpeg,
    name: "decoder of the sound",
    signal,
    pipes: ["stdout", "more"],
    // Else it would end the sound there, as if the film had no more of it.
    killOnLine: (line) => saysUnreadable(line, source.path),
  });
  try {
    const { stdout, more } = decoder;
    if (stdout === undefined || more === undefined) return;
    const offset = part.offsetSeconds * audio.sampleRate;
    let last = Number.NEGATIVE_INFINITY;
    for await (const { pts, samples } of readBlocks(more, stdout, audio.sampleRate)) {
      // Where times go back, ffmpeg writes that of the block before, until they are past it.
      const isKnown = pts > last + 1;
      last = pts;
      yield { at: isKnown ? Math.round(pts + offset) : undefined, samples };
    }
    const line = unreadableLine((await decoder.exited).stderrTail, source.path);
    if (line !== undefined) throw sourceUnavailable(source.path, line);
  } finally {
    decoder.kill();
    // What nobody reads any more would keep the end of the process from being seen.
    decoder.stdout?.destroy();
    decoder.more?.destroy();
    await decoder.exited;
  }
}

/** Samples to stdout, their times to descriptor 3: first the time of a packet, then the packet. */
function soundDecodeArguments(
  source: Source,
  audio: EncodedAudio,
  part: SoundPart,
  fromSeconds: number | undefined,
): string[] {
  const format = `sample_fmts=flt:channel_layouts=${LAYOUTS[audio.channels] ?? "stereo"}`;
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "error", "-copyts"],
    ...partInput(source, part, { fromSeconds, options: ["-vn", "-sn", "-dn"] }),
    ...["-map", `0:${audio.index}`],
    // These keep no state of time: where the layout changes ffmpeg builds them anew without harm.
    ...["-af", `aresample=${audio.sampleRate},aformat=${format}`, "-c:a", "pcm_f32le"],
    ...["-f", "tee", "[f=framecrc:flush_packets=1]pipe:3|[f=f32le:flush_packets=1]pipe:1"],
  ];
}

/** How large one sample of all channels is. */
export const spanOf = (audio: EncodedAudio, from: number, to: number): SoundSpan => ({
  ...{ from, to, sampleRate: audio.sampleRate },
  sampleBytes: 4 * audio.channels,
});
