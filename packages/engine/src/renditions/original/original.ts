import { join } from "node:path";
import { UpreelError, segmentFileName, type FileIdentity, type Source } from "@upreel/core";
import {
  SAFE_MARGIN_SECONDS,
  originalArguments,
  originalContainer,
  type OriginalContainer,
} from "@upreel/media";
import { mp4CodecName, mp4HeaderBytes, streamPaths, videoCodecName } from "@upreel/watcher";
import type { TimedFilms } from "../../plan/timed-films.ts";
import type { BatchMaker } from "../batch-maker.ts";
import { headerBytes, readStart, startsAt } from "./original-bytes.ts";
import { batchOf, type OriginalIndex } from "./original-index.ts";
import {
  createOriginalScans,
  originalFolder,
  type OriginalStream,
  type ScanParts,
} from "./original-scans.ts";

/** A part of a file: bytes from `start` on, `end` the last one, up to the end of the file without. */
interface FilePart {
  readonly path: string;
  readonly start?: number;
  readonly end?: number;
}

/** The film itself as HLS: its own pictures, cut at its own key frames. */
export interface Original {
  /** Throws `codec_unsupported` where the pictures fit into nothing that HLS knows. */
  container(source: Source): OriginalContainer;
  /**
   * Makes what the original begins with, as soon as the file's pictures are timed by who plans it; without that nothing
   * happens. What fails fails again when it is asked for. Rejects with the abort reason.
   */
  beginTimed(
    stream: { readonly id: string; readonly file: FileIdentity },
    signal: AbortSignal,
  ): Promise<void>;
  /** Reads through the film once; many may wait for it. */
  index(stream: OriginalStream): Promise<OriginalIndex>;
  segment(stream: OriginalStream, k: number): Promise<FilePart>;
  /** The header of MP4 fragments. */
  header(stream: OriginalStream): Promise<FilePart>;
  /** RFC 6381 name of the pictures; undefined where they do not tell it. */
  codecName(stream: OriginalStream): Promise<string | undefined>;
}

/** Browsers refuse these by name, and so say what they lack. Object types of mp4ra.org. */
const MPEG_NAMES: Readonly<Record<string, string>> = {
  mpeg1video: "mp4v.6A",
  mpeg2video: "mp4v.61",
  mpeg4: "mp4v.20",
};
const SEGMENTS_AT_A_TIME = 4;

export function createOriginal(
  parts: ScanParts & { readonly batches: BatchMaker; readonly timed: Pick<TimedFilms, "of"> },
): Original {
  const index = createOriginalScans(parts);

  async function file(stream: OriginalStream, k: number): Promise<string> {
    const { source, timeline } = stream;
    const container = containerOf(source);
    const known = await index(stream);
    const { startsMicros } = known;
    const count = startsMicros.length;
    if (k >= count)
      throw new UpreelError("segment_not_found", `segment ${k} is past the end of the film`, {
        expected: `0 to ${count - 1}`,
        got: String(k),
      });
    const { from, to } = batchOf(known, k, SEGMENTS_AT_A_TIME);
    const folder = originalFolder(parts.dataDir, stream);
    const name = (n: number): string => segmentFileName(n).replace(/ts$/, container);
    const request = { ...{ source, timeline, container, from, to }, ...known };
    await parts.batches.need(
      {
        source,
        what: `original from segment ${from} on`,
        folder,
        runs: streamPaths(parts.dataDir, stream.id).runs,
        names: Array.from({ length: to - from }, (_, i) => name(from + i)),
        argumentsFor: (work) => [
          originalArguments({ ...request, folder: work, marginSeconds: SAFE_MARGIN_SECONDS }),
        ],
        // A seek that lands after the first key frame: from the beginning there is no seek.
        fallbackFor: (work) => [
          originalArguments({ ...request, folder: work, marginSeconds: Number.POSITIVE_INFINITY }),
        ],
        isGood: async (path) => {
          const bytes = await readStart(path);
          if (container === "mp4") return mp4HeaderBytes(bytes) !== undefined;
          const isFirst = path.endsWith(name(from));
          return !isFirst || startsAt(bytes, timeline, startsMicros[from] ?? 0);
        },
      },
      name(k),
    );
    return join(folder, name(k));
  }

  return {
    container: containerOf,
    async beginTimed({ id, file: found }, signal) {
      const film = await parts.timed.of(found, signal);
      // One that is still written is not played by its own pictures: all that is there would be read in vain.
      if (film.source.mayGrow === true && film.timeline.isProvisional === true) return;
      await file({ id, ...film }, 0).catch(() => undefined);
    },
    index,
    async segment(stream, k) {
      const path = await file(stream, k);
      if (containerOf(stream.source) === "ts") return { path };
      return { path, start: await headerBytes(path) };
    },
    async header(stream) {
      const path = await file(stream, 0);
      return { path, start: 0, end: (await headerBytes(path)) - 1 };
    },
    async codecName(stream) {
      const mpegName = MPEG_NAMES[stream.source.video.codec];
      if (mpegName !== undefined) return mpegName;
      const bytes = await readStart(await file(stream, 0));
      return containerOf(stream.source) === "ts" ? videoCodecName(bytes) : mp4CodecName(bytes);
    },
  };
}

function containerOf(source: Source): OriginalContainer {
  const container = originalContainer(source);
  if (container !== undefined) return container;
  throw new UpreelError(
    "codec_unsupported",
    `the original cannot be played over HLS as it is: its pictures are ${source.video.codec}`,
    { expected: "H.264, HEVC, VP9, AV1 or MPEG video", got: source.video.codec },
  );
}
