import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { UpreelError, type Source, type VideoTrack } from "@upreel/core";
import { isThere, replaceFile } from "@upreel/files";
import {
  dvbCanvas,
  dvbClears,
  subtitlesToPgs,
  uprightSize,
  type PictureFiles,
  type PictureTrack,
} from "@upreel/media";
import type { BatchMaker } from "../batch-maker.ts";
import type { FilmSubtitle } from "./subtitles-beside.ts";

/** A track of pictures that are not PGS: VobSub, DVB, XSUB. */
export interface PictureOrder {
  readonly maker: BatchMaker;
  readonly source: Source;
  readonly track: Pick<FilmSubtitle, "index" | "codec" | "canvas">;
  readonly folder: string;
  readonly runs: string;
  readonly argumentsFor: (files: PictureFiles) => readonly string[];
}

const FILES: PictureFiles = {
  ...{ packets: "pictures.spu", list: "pictures.list" },
  ...{ raw: "pictures.raw", rawList: "pictures.raw.list" },
};
/** The subtitles of a long film are some megabytes. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Makes a track of pictures one of PGS, which pages draw, and gives the path of that: once, whoever asks meanwhile. */
export function createPictureSubtitles(): (order: PictureOrder) => Promise<string> {
  const making = new Map<string, Promise<void>>();
  return async (order) => {
    const target = join(order.folder, "pictures.pgs");
    if (await isThere(target)) return target;
    const made = making.get(target) ?? make(order, target).finally(() => making.delete(target));
    making.set(target, made);
    await made;
    return target;
  };
}

async function make(order: PictureOrder, target: string): Promise<void> {
  const { maker, source, track, folder, runs, argumentsFor } = order;
  const what = `subtitles of stream ${track.index}`;
  const batch = {
    ...{ source, what, folder, runs, names: Object.values(FILES) },
    argumentsFor: (work: string) => [argumentsFor(within(work))],
  };
  // The last one that is published: the others are there then, whenever a gateway before was killed.
  await maker.need(batch, FILES.rawList);
  const files = within(folder);
  for (const path of Object.values(files)) {
    const { size } = await stat(path);
    if (size > MOST_BYTES)
      throw new UpreelError("decoder_failed", `the ${what} are too much to be drawn`, {
        ...{ expected: `${MOST_BYTES} bytes at most`, got: `${size} bytes` },
      });
  }
  const sup = await subtitlesToPgs({
    packets: await readFile(files.packets),
    list: await readFile(files.list, "utf8"),
    ...(await placesOf(order, files)),
    shape: shapeOf(source.video),
  });
  if (sup.length === 0)
    throw new UpreelError("decoder_failed", `no picture is in the ${what}`, {
      ...{ expected: "subtitles that can be decoded", got: track.codec },
    });
  await replaceFile(target, sup, { isDurable: false });
}

/** What places are counted on, and when pictures are taken away by packets of their own. */
async function placesOf(
  order: PictureOrder,
  { raw, rawList }: PictureFiles,
): Promise<Pick<PictureTrack, "canvas" | "clears">> {
  if (order.track.codec !== "dvb_subtitle") return { canvas: canvasOf(order), clears: [] };
  const packets = await readFile(raw);
  const clears = dvbClears(packets, await readFile(rawList, "utf8"));
  return { canvas: dvbCanvas(packets), clears };
}

const within = (folder: string): PictureFiles => ({
  packets: join(folder, FILES.packets),
  list: join(folder, FILES.list),
  raw: join(folder, FILES.raw),
  rawList: join(folder, FILES.rawList),
});

/** What the file says; of a DVD that does not, the size of its television standard; else the film's own pictures. */
function canvasOf({ track, source: { video } }: PictureOrder): NonNullable<FilmSubtitle["canvas"]> {
  if (track.canvas !== undefined) return track.canvas;
  const { width, height } = video;
  if (track.codec !== "dvd_subtitle") return { width, height };
  return { width: 720, height: height <= 480 ? 480 : 576 };
}

/** Width by height of the picture as it is shown. */
function shapeOf(video: VideoTrack): number {
  const { width, height } = uprightSize(video);
  return width / height;
}
