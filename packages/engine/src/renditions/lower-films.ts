import { createHash } from "node:crypto";
import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  UpreelError,
  frameSeconds,
  segmentCount,
  segmentFileName,
  segmentSeconds,
  type Output,
  type Source,
  type Timeline,
} from "@upreel/core";
import {
  SAFE_MARGIN_SECONDS,
  lowerArguments,
  lowerBandwidth,
  lowerCodec,
  lowerQuality,
  writeColourTables,
  type LowerQuality,
} from "@upreel/media";
import type { BatchMaker } from "./batch-maker.ts";
import { createLowerRuns, type LowerFilm } from "./lower-runs.ts";

interface FilmStream {
  readonly id: string;
  readonly source: Source;
  readonly timeline: Timeline;
  readonly output: Output;
}

/** A film for a thinner line, as a master playlist tells it. */
interface OfferedLower {
  /** In its address: its lines, as `480p`. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** No segment exceeds it. */
  readonly bandwidth: number;
  /** What its pictures and its sound are bound to over time. */
  readonly averageBandwidth: number;
  readonly codec: string;
}

/** The film without a network, in the source's size and below: made when it is watched, and kept no longer. */
export interface LowerFilms extends AsyncDisposable {
  /** The largest first; none of films whose clock jumps or whose colours change. */
  offer(stream: FilmStream): readonly OfferedLower[];
  /** Throws `not_found` where the film is not offered by this name. */
  check(stream: FilmStream, name: string): void;
  /** Path of a segment. Rejects as `check` throws, with the reason of `signal`, and with what ffmpeg fails with. */
  segment(stream: FilmStream, name: string, k: number, signal: AbortSignal): Promise<string>;
}

/** For phones away from home. */
const PHONE_LINES = 480;
/** A film that is hardly smaller is none for a thinner line. */
const SMALLER = 0.8;
/** What nobody asked for again within it is made again when somebody does. */
const KEPT_MS = 120_000;

export function createLowerFilms(parts: {
  readonly dataDir: string;
  readonly batches: Pick<BatchMaker, "make">;
  readonly nowMs: () => number;
}): LowerFilms {
  const root = join(parts.dataDir, "lower");
  /** Of each segment that lies there: when it was made, or asked for last. */
  const wantedMs = new Map<string, number>();
  const runs = createLowerRuns(parts);
  const removeAll = (): Promise<void> => rm(root, { recursive: true, force: true });
  // What a gateway that was killed left; then what is swept. Nobody looks for a segment that is being deleted.
  let isClean = removeAll().catch(() => undefined);

  const sweep = async (): Promise<void> => {
    const oldest = parts.nowMs() - KEPT_MS;
    for (const [path, ms] of wantedMs) {
      if (ms > oldest) continue;
      wantedMs.delete(path);
      await rm(path, { force: true });
    }
    if (wantedMs.size === 0 && !runs.isAtWork()) await removeAll();
  };
  const sweepNext = (): void => {
    isClean = isClean.then(sweep).catch(() => undefined);
  };
  const sweeping = setInterval(sweepNext, KEPT_MS / 4);
  sweeping.unref();

  function filmOf(stream: FilmStream, quality: LowerQuality): LowerFilm {
    const { source, timeline, output } = stream;
    const name = nameOf(quality);
    const folder = join(root, stream.id, name, wayOf(stream, quality));
    const { audio } = output;
    const pathOf = (k: number): string => join(folder, segmentFileName(k));
    return {
      ...{ folder, segments: segmentCount(timeline), segmentSeconds: segmentSeconds(timeline, 0) },
      isThere: (k) => wantedMs.has(pathOf(k)),
      onMade: (k) => void wantedMs.set(pathOf(k), parts.nowMs()),
      batch(fromSegment, toSegment) {
        const range = { source, timeline, fromSegment, toSegment };
        const sound = audio.kind === "aac" ? { ...range, audio } : undefined;
        const argumentsIn = (work: string, marginSeconds: number) => [
          lowerArguments({ ...range, output, quality, folder: work, marginSeconds }),
        ];
        return {
          ...{ source, folder, runs: join(root, "runs") },
          what: `film in ${name} from segment ${fromSegment} on`,
          sound: { first: sound, fallback: sound },
          argumentsFor: (work) => argumentsIn(work, SAFE_MARGIN_SECONDS),
          // A seek that lands too late gives nothing: from the beginning there is no seek.
          fallbackFor: (work) => argumentsIn(work, Number.POSITIVE_INFINITY),
        };
      },
    };
  }

  return {
    offer: (stream) =>
      qualitiesOf(stream).map((quality) => {
        const { timeline, output } = stream;
        const seconds = frameSeconds(timeline, timeline.framesPerSegment);
        return {
          ...{ name: nameOf(quality), ...quality.size, codec: lowerCodec(quality) },
          bandwidth: lowerBandwidth(quality, output, seconds),
          averageBandwidth: lowerBandwidth(quality, output, Number.POSITIVE_INFINITY),
        };
      }),
    check: (stream, name) => void qualityNamed(stream, name),
    async segment(stream, name, k, signal) {
      const { source, timeline, output } = stream;
      const film = filmOf(stream, qualityNamed(stream, name));
      const path = join(film.folder, segmentFileName(k));
      await isClean;
      if (film.isThere(k)) {
        // From now on it is not swept.
        wantedMs.set(path, parts.nowMs());
        if (!(await isFile(path))) wantedMs.delete(path);
      }
      await writeColourTables(source, timeline, output);
      await runs.need(film, k, signal);
      wantedMs.set(path, parts.nowMs());
      return path;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(sweeping);
      await isClean;
      await removeAll();
    },
  };
}

/**
 * Names how its segments are made: once all of a film is read, it may be planned in another way, and what was made by then
 * is no part of that. By its first segment, which is the same however long a film gets that is being written.
 */
function wayOf({ source, timeline, output }: FilmStream, quality: LowerQuality): string {
  const first = { fromSegment: 0, toSegment: 1, folder: "", marginSeconds: 0 };
  const args = lowerArguments({ source, timeline, output, quality, ...first });
  return createHash("sha256").update(JSON.stringify(args)).digest("hex").slice(0, 16);
}

const isFile = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

function qualityNamed(stream: FilmStream, name: string): LowerQuality {
  const offered = qualitiesOf(stream);
  const found = offered.find((each) => nameOf(each) === name);
  if (found !== undefined) return found;
  throw new UpreelError("not_found", `the film is not offered as ${name.slice(0, 20)}`, {
    expected: offered.map(nameOf).join(", ") || "no lower quality",
  });
}

const nameOf = ({ size }: LowerQuality): string => `${Math.min(size.width, size.height)}p`;

/** The source's own size, and that of a phone, as far as each is smaller than the one before. */
function qualitiesOf({ timeline, output }: FilmStream): LowerQuality[] {
  if ((timeline.pieces?.length ?? 1) > 1 || timeline.colours !== undefined) return [];
  const own = { width: output.inputWidth, height: output.inputHeight };
  const lines = Math.min(own.width, own.height);
  const even = (pixels: number): number => 2 * Math.round(pixels / 2);
  const sized = (wanted: number) => ({
    width: even((own.width * wanted) / lines),
    height: even((own.height * wanted) / lines),
  });
  let above = Math.min(output.width, output.height);
  return [lines, PHONE_LINES].flatMap((wanted) => {
    if (wanted > SMALLER * above || wanted < 2) return [];
    above = wanted;
    return [lowerQuality(sized(wanted), timeline)];
  });
}
