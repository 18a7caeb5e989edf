import { setImmediate } from "node:timers/promises";
import { listPackets } from "./list-packets.ts";
import { readSpu } from "./read-spu.ts";
import type { Canvas, SubtitlePicture } from "./subtitle-picture.ts";
import { DVD_PALETTE } from "./picture-subtitle-arguments.ts";
import { writePgs } from "./write-pgs.ts";

export interface PictureTrack {
  /** Packets of `dvdsub`, one behind the other, and what ffmpeg lists of them. */
  readonly packets: Buffer;
  readonly list: string;
  readonly canvas: Canvas;
  /** Seconds at which the picture is taken away, where packets of their own say so. */
  readonly clears: readonly number[];
  /** Width by height of the film's picture as it is shown: the canvas lies over all of it. */
  readonly shape: number;
}

/** One whose end is not told, and that none follows. */
const USUAL_SECONDS = 6;
/** A file may say anything of its canvas; a picture is not made so much wider by that, nor so much narrower. */
const MOST_STRETCH = 4;
/** Others want the processor, too: pixels that are written at once. */
const MOST_AT_ONCE = 1_000_000;

/** A track of pictures as a .sup file (PGS), which pages draw. */
export async function subtitlesToPgs(track: PictureTrack): Promise<Buffer> {
  // Pages keep a canvas's shape; that of a DVD has pixels that are not square.
  const told = (track.canvas.height * track.shape) / track.canvas.width;
  const wide = Math.min(MOST_STRETCH, Math.max(1 / MOST_STRETCH, told));
  const canvas = { width: Math.round(track.canvas.width * wide), height: track.canvas.height };
  const made: Buffer[] = [];
  let last: SubtitlePicture | undefined;
  let atOnce = 0;
  const write = (picture: SubtitlePicture, nextSeconds: number): void => {
    const { fromSeconds } = picture;
    const told = picture.toSeconds > fromSeconds ? picture.toSeconds : fromSeconds + USUAL_SECONDS;
    const shown = { ...picture, toSeconds: Math.min(told, nextSeconds) };
    const how = { number: made.length, isFollowed: told >= nextSeconds };
    made.push(writePgs(canvas, stretch(shown, wide), how));
  };
  for (const picture of readPictures(track)) {
    if (last !== undefined) write(last, picture.fromSeconds);
    last = picture;
    atOnce += picture.pixels.length;
    if (atOnce < MOST_AT_ONCE) continue;
    atOnce = 0;
    await setImmediate();
  }
  if (last !== undefined) write(last, Infinity);
  return Buffer.concat(made);
}

/** In the order in which they are shown. */
function* readPictures({ packets, list, clears }: PictureTrack): Generator<SubtitlePicture> {
  let at = 0;
  const placed = listPackets(list).map((packet) => {
    const bytes = packets.subarray(at, at + packet.bytes);
    at += packet.bytes;
    return { ...packet, bytes };
  });
  for (const { fromSeconds, seconds, bytes } of placed.toSorted(
    (a, b) => a.fromSeconds - b.fromSeconds,
  )) {
    const cleared = clears.find((each) => each > fromSeconds) ?? Infinity;
    const toSeconds = Math.min(fromSeconds + seconds, cleared);
    // What begins before the film may still be shown in it.
    const picture = toSeconds < 0 ? undefined : readSpu(bytes, DVD_PALETTE);
    if (picture !== undefined)
      yield { ...picture, fromSeconds: Math.max(0, fromSeconds), toSeconds };
  }
}

/** The same with `by` times as many columns. */
function stretch(picture: SubtitlePicture, by: number): SubtitlePicture {
  const width = Math.max(1, Math.round(picture.width * by));
  if (width === picture.width) return picture;
  const { height, pixels } = picture;
  const wider = new Uint8Array(width * height);
  for (let line = 0; line < height; line++)
    for (let column = 0; column < width; column++) {
      const from = Math.min(
        picture.width - 1,
        Math.floor(((column + 0.5) * picture.width) / width),
      );
      wider[line * width + column] = pixels[line * picture.width + from] ?? 0;
    }
  return { ...picture, x: Math.round(picture.x * by), width, pixels: wider };
}
