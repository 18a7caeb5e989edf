import { join } from "node:path";
import {
  UpreelError,
  durationSeconds,
  type Output,
  type Source,
  type Timeline,
} from "@upreel/core";
import { thumbnailArguments, writeColourTables } from "@upreel/media";
import {
  sheetCount,
  sheetName,
  streamPaths,
  thumbnailTrack,
  type ThumbnailGrid,
} from "@upreel/watcher";
import type { BatchMaker } from "./batch-maker.ts";

interface PicturedStream {
  readonly id: string;
  readonly source: Source;
  readonly timeline: Timeline;
  readonly output: Output;
}

/** Small pictures for seek bars. */
export interface Thumbnails {
  /** WebVTT of the whole film, whether its sheets are made or not. */
  track(stream: PicturedStream): string;
  /** Path of a sheet, once it is made. Throws `not_found` for one that the film has not. */
  sheet(stream: PicturedStream, n: number): Promise<string>;
}

const WIDTH = 160;

export function createThumbnails(parts: {
  readonly dataDir: string;
  readonly sheets: BatchMaker;
}): Thumbnails {
  return {
    track: (stream) => thumbnailTrack(gridOf(stream), secondsOf(stream)),
    async sheet(stream, n) {
      const { source, timeline, output } = stream;
      const grid = gridOf(stream);
      const count = sheetCount(grid, secondsOf(stream));
      if (n >= count)
        throw new UpreelError("not_found", `the film has no sheet ${n} of thumbnails`, {
          expected: `0 to ${count - 1}`,
          got: String(n),
        });
      const paths = streamPaths(parts.dataDir, stream.id);
      const folder = join(paths.renditions, "thumbs");
      const name = sheetName(n);
      const fromSeconds = n * grid.stepSeconds * grid.columns * grid.rows;
      const argumentsFor = (work: string, fromKeyFrames: boolean): string[] =>
        thumbnailArguments({
          ...{ source, timeline, fromSeconds, fromKeyFrames, target: join(work, name) },
          ...grid,
        });
      await writeColourTables(source, timeline, output);
      await parts.sheets.need(
        {
          source,
          what: `thumbnails from ${fromSeconds} s on`,
          ...{ folder, runs: paths.runs, names: [name] },
          argumentsFor: (work) => [argumentsFor(work, true)],
          // The end of a film may have no key frame of its own.
          fallbackFor: (work) => [argumentsFor(work, false)],
        },
        name,
      );
      return join(folder, name);
    },
  };
}

/** Of a film that is being written there are whole sheets alone: one that is made stays. */
function secondsOf(stream: PicturedStream): number {
  const seconds = durationSeconds(stream.timeline);
  if (stream.timeline.growth !== "going") return seconds;
  const { stepSeconds, columns, rows } = gridOf(stream);
  const sheet = stepSeconds * columns * rows;
  return Math.floor(seconds / sheet) * sheet;
}

/** A picture each ten seconds, as high as the film is. */
const gridOf = ({ output }: PicturedStream): ThumbnailGrid => ({
  ...{ stepSeconds: 10, columns: 5, rows: 5, width: WIDTH },
  height: Math.max(2, 2 * Math.round((WIDTH * output.inputHeight) / output.inputWidth / 2)),
});
