import type { FileIdentity, FilmFollowing, FilmTiming, Source, Timeline } from "@upreel/core";
import { indexPackets, type PacketIndexing } from "../packet-index/packet-index.ts";
import { chooseAudioTrack } from "../sound/plan-audio.ts";
import { probeSource } from "../probing/probe-source.ts";
import type { ProbeTools as Tools } from "../probing/probe-tools.ts";
import { timeFilm } from "../probing/time-film.ts";

/** Reading all of a file again and again takes at most this part of the time. */
const READING_SHARE = 0.1;

/**
 * Follows a film that is being written. Broadcasts are read on as they are written, by one ffprobe; all
 * else is read anew from its beginning, the less often the longer that takes.
 */
export function followFilm(
  source: Source,
  timeline: Timeline,
  tools: Tools,
  signal: AbortSignal,
): FilmFollowing {
  const film = { source, timeline };
  const follow = source.format === "mpegts" ? readOn : readAnew;
  return follow(film, tools, signal);
}

interface Film {
  readonly source: Source;
  readonly timeline: Timeline;
}

function readOn({ source, timeline }: Film, tools: Tools, signal: AbortSignal): FilmFollowing {
  let reading: PacketIndexing | undefined;
  let known = timeline;
  const begin = (file: FileIdentity): PacketIndexing => {
    const begun = indexPackets(file, tools, signal, { follows: true });
    reading = begun;
    // Killed by whom ever: it begins anew with the next look.
    begun.whole
      .catch(() => {})
      .finally(() => {
        if (reading === begun) reading = undefined;
      });
    return begun;
  };
  return {
    async look(file) {
      signal.throwIfAborted();
      const timing = timeFilm({
        probe: { format: { format_name: source.format }, streams: [], programs: [], chapters: [] },
        stream: { index: source.video.index },
        index: (reading ?? begin(file)).now(),
        sounds: source.audio.map((track) => track.index),
        mainSound: chooseAudioTrack(source.audio)?.index,
        ...{
          isInterlaced: source.video.isInterlaced,
          claimed: [],
          isTelecine: false,
          grid: timeline,
        },
      });
      known = longer(known, timing);
      return known;
    },
    [Symbol.dispose]: () => reading?.stop(),
  };
}

function readAnew({ timeline }: Film, tools: Tools, signal: AbortSignal): FilmFollowing {
  let known = timeline;
  let notBeforeMs = 0;
  return {
    async look(file) {
      const beginsMs = performance.now();
      if (beginsMs < notBeforeMs) return known;
      const options = { readsAll: true, isGrowing: true, grid: timeline };
      const timing = await probeSource(file, tools, signal, options);
      const endsMs = performance.now();
      notBeforeMs = endsMs + (endsMs - beginsMs) / READING_SHARE;
      known = longer(known, timing);
      return known;
    },
    [Symbol.dispose]: () => {},
  };
}

function longer(known: Timeline, timing: FilmTiming | undefined): Timeline {
  if (timing === undefined) return known;
  const { pieces: _, ...plain } = known;
  const { frameCount, pieces } = timing;
  const found = wholeSegments({
    ...plain,
    frameCount,
    ...(pieces === undefined ? {} : { pieces }),
  });
  return found !== undefined && found.frameCount > known.frameCount ? found : known;
}

/** The timeline of a film that is being written, in whole segments; undefined: there is none yet. */
export function wholeSegments(timeline: Timeline): Timeline | undefined {
  const whole = Math.floor(timeline.frameCount / timeline.framesPerSegment);
  if (whole === 0) return undefined;
  return { ...timeline, frameCount: whole * timeline.framesPerSegment, growth: "going" };
}
