import { access, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { segmentCount, segmentFileName, segmentSeconds } from "@upreel/core";
import {
  SAFE_MARGIN_SECONDS,
  leanArguments,
  lowerArguments,
  lowerCodec,
  lowerDecoding,
  lowerFrameArguments,
  writeColourTables,
  type LowerQuality,
} from "@upreel/media";
import type { Batch, BatchMaker } from "../batch-maker.ts";
import { feedSegments } from "./feed-segments.ts";
import {
  boundsOf,
  isWorthIt,
  measuredWithin,
  nameOf,
  qualitiesOf,
  qualityNamed,
  wayOf,
  type FilmStream,
  type OfferedLower,
} from "./lower-qualities.ts";
import { createLowerRuns, type LowerFilm } from "./lower-runs.ts";
import { createSegmentSizes } from "./made-rates.ts";

/**
 * The film at fewer bits: the upscaled one, and without a network in the source's size and below. Made when it is watched,
 * and kept no longer.
 */
export interface LowerFilms extends AsyncDisposable {
  /** Below what the upscaled film needs, the largest first. */
  offer(stream: FilmStream, upscaled: Pick<OfferedLower, "bandwidth">): readonly OfferedLower[];
  /** What it is made from. Throws `not_found` where the film is not offered by this name. */
  check(stream: FilmStream, name: string): LowerQuality["of"];
  /** Path of a segment, of `upscaled` one that is ready. Rejects as `check` throws, with the reason of `signal`, and with what ffmpeg fails with. */
  segment(stream: FilmStream, name: string, k: number, signal: AbortSignal): Promise<string>;
}

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
  const sizes = createSegmentSizes();
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

  const folderOf = (stream: FilmStream, quality: LowerQuality): string =>
    join(root, stream.id, nameOf(quality), wayOf(stream, quality));

  function filmOf(stream: FilmStream, quality: LowerQuality): LowerFilm {
    const { timeline, upscaled } = stream;
    const folder = folderOf(stream, quality);
    const pathOf = (k: number): string => join(folder, segmentFileName(k));
    return {
      ...{ folder, segments: segmentCount(timeline), segmentSeconds: segmentSeconds(timeline, 0) },
      isThere: (k) => wantedMs.has(pathOf(k)),
      canMake: (k) => quality.of === "source" || upscaled?.ready.has(k) === true,
      onMade(k) {
        wantedMs.set(pathOf(k), parts.nowMs());
        const seconds = segmentSeconds(timeline, k);
        void sizeOf(pathOf(k)).then((bytes) => bytes && sizes.note(folder, { k, bytes, seconds }));
      },
      batch: (from, to) => ({
        ...{ folder, runs: join(root, "runs") },
        what: `film in ${nameOf(quality)} from segment ${from} on`,
        ...(quality.of === "source" ? fromSource : fromUpscaled)(stream, quality, { from, to }),
      }),
    };
  }

  return {
    offer: (stream, upscaled) =>
      qualitiesOf(stream).flatMap((quality) => {
        const made = sizes.ratesOf(folderOf(stream, quality));
        const total = segmentCount(stream.timeline);
        const rates = measuredWithin(boundsOf(stream, quality), made, total);
        if (!isWorthIt(quality, rates, upscaled)) return [];
        const { of, size } = quality;
        const isWaitedFor = of === "upscaled" && !isMade(stream);
        const about = { name: nameOf(quality), of, codec: lowerCodec(quality), isWaitedFor };
        return [{ ...about, ...size, ...rates }];
      }),
    check: (stream, name) => qualityNamed(stream, name).of,
    async segment(stream, name, k, signal) {
      const { source, timeline, output } = stream;
      const quality = qualityNamed(stream, name);
      const film = filmOf(stream, quality);
      const path = join(film.folder, segmentFileName(k));
      await isClean;
      if (film.isThere(k)) {
        // From now on it is not swept.
        wantedMs.set(path, parts.nowMs());
        if (!(await isFile(path))) wantedMs.delete(path);
      }
      if (quality.of === "source") await writeColourTables(source, timeline, output);
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

interface Range {
  readonly from: number;
  readonly to: number;
}
type Making = Omit<Batch, "what" | "folder" | "runs" | "names">;

function fromSource(stream: FilmStream, quality: LowerQuality, { from, to }: Range): Making {
  const { source, timeline, output } = stream;
  const { audio } = output;
  const range = { source, timeline, fromSegment: from, toSegment: to };
  const sound = audio.kind === "aac" ? { ...range, audio } : undefined;
  const both = { source, sound: { first: sound, fallback: sound } };
  const request = { ...range, output, quality };
  const pictures = lowerDecoding(request);
  if (pictures !== undefined) {
    const argumentsIn = (folder: string) => (fifo: string) =>
      lowerFrameArguments({ ...request, folder, fifo });
    return { ...both, argumentsFor: (work) => [{ pictures, argumentsFor: argumentsIn(work) }] };
  }
  const argumentsIn = (folder: string, marginSeconds: number) => [
    lowerArguments({ ...request, folder, marginSeconds }),
  ];
  return {
    ...both,
    argumentsFor: (work) => argumentsIn(work, SAFE_MARGIN_SECONDS),
    // A seek that lands too late gives nothing: from the beginning there is no seek.
    fallbackFor: (work) => argumentsIn(work, Number.POSITIVE_INFINITY),
  };
}

function fromUpscaled(stream: FilmStream, quality: LowerQuality, range: Range): Making {
  const { timeline, output, upscaled } = stream;
  const { from: fromSegment, to: toSegment } = range;
  const request = { timeline, output, quality, fromSegment, toSegment };
  return {
    argumentsFor: (folder) => [leanArguments({ ...request, folder })],
    // Copied sound may have a gap there, and any other may end early.
    ...(output.audio.kind !== "none" && {
      ifFailed: (["late", "none"] as const).map((sound) => (folder: string) => [
        leanArguments({ ...request, folder, sound }),
      ]),
    }),
    ...(upscaled && { feed: (stdin) => feedSegments(upscaled, range, stdin) }),
  };
}

/** It may be swept already. */
const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

const isMade = ({ timeline, upscaled }: FilmStream): boolean =>
  (upscaled?.ready.size ?? 0) >= segmentCount(timeline);

const isFile = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
