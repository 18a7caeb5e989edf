import { PTS_PER_SECOND } from "@upreel/core";
import type { Canvas, SubtitleColour, SubtitlePicture } from "./subtitle-picture.ts";

const TYPES = { palette: 0x14, object: 0x15, composition: 0x16, windows: 0x17, end: 0x80 } as const;
const [EPOCH_START, NORMAL_CASE] = [0x80, 0x00];
/** A segment tells its length in 16 bits, and a piece of an object begins with 4 bytes. */
const LONGEST_PIECE = 0xffff - 4;
const [FIRST, LAST] = [0x80, 0x40];

/**
 * The segments of a .sup file (PGS) that show one picture, and take it away where no other one follows at once. `number`
 * counts pictures. No ffmpeg writes this format.
 */
export function writePgs(
  canvas: Canvas,
  picture: SubtitlePicture,
  { number, isFollowed }: { readonly number: number; readonly isFollowed: boolean },
): Buffer {
  const { fromSeconds, toSeconds, x, y, width, height } = picture;
  const windows = Buffer.concat([Buffer.of(1, 0), words(x, y, width, height)]);
  const composition = (state: number, count: number, objects: readonly Buffer[]): Buffer =>
    Buffer.concat([
      words(canvas.width, canvas.height),
      ...[Buffer.of(0x10), words(count % 0x10000), Buffer.of(state, 0, 0, objects.length)],
      ...objects,
    ]);
  const shown = Buffer.concat([Buffer.of(0, 0, 0, 0), words(x, y)]);
  const away = [
    segment(toSeconds, "composition", composition(NORMAL_CASE, 2 * number + 1, [])),
    segment(toSeconds, "windows", windows),
    segment(toSeconds, "end", Buffer.alloc(0)),
  ];
  return Buffer.concat([
    segment(fromSeconds, "composition", composition(EPOCH_START, 2 * number, [shown])),
    segment(fromSeconds, "windows", windows),
    segment(fromSeconds, "palette", paletteOf(picture.colours)),
    ...objectOf(picture).map((piece) => segment(fromSeconds, "object", piece)),
    segment(fromSeconds, "end", Buffer.alloc(0)),
    ...(isFollowed ? [] : away),
  ]);
}

function paletteOf(colours: readonly SubtitleColour[]): Buffer {
  const entries = colours.map(({ red, green, blue, alpha }, index) => {
    // The other way round of what pages read: all of the range, as in JPEG.
    const light = 0.299 * red + 0.587 * green + 0.114 * blue;
    const [cr, cb] = [128 + (red - light) / 1.402, 128 + (blue - light) / 1.772];
    const [byteOfLight, byteOfCr, byteOfCb] = [light, cr, cb].map((value) =>
      Math.min(255, Math.max(0, Math.round(value))),
    );
    return Buffer.of(index, byteOfLight ?? 0, byteOfCr ?? 0, byteOfCb ?? 0, alpha);
  });
  return Buffer.concat([Buffer.of(0, 0), ...entries]);
}

function objectOf({ width, height, pixels }: SubtitlePicture): Buffer[] {
  const runs = runsOf(pixels, width, height);
  const length = runs.length + 4;
  const whole = Buffer.concat([
    Buffer.of(length >> 16, (length >> 8) & 0xff, length & 0xff),
    words(width, height),
    runs,
  ]);
  const pieces: Buffer[] = [];
  for (let at = 0; at < whole.length; at += LONGEST_PIECE) {
    const place = (at === 0 ? FIRST : 0) | (at + LONGEST_PIECE >= whole.length ? LAST : 0);
    const piece = whole.subarray(at, at + LONGEST_PIECE);
    pieces.push(Buffer.concat([Buffer.of(0, 0, 0, place), piece]));
  }
  return pieces;
}

/** A byte for a pixel in a colour but 0; else 0, what follows in two bits, a count, and the colour where it is not 0. */
function runsOf(pixels: Uint8Array, width: number, height: number): Buffer {
  const bytes: number[] = [];
  for (let line = 0; line < height; line++) {
    const end = (line + 1) * width;
    for (let at = line * width; at < end;) {
      const colour = pixels[at] ?? 0;
      const from = at;
      while (at < end && pixels[at] === colour && at - from < 0x3fff) at += 1;
      const count = at - from;
      if (count === 1 && colour !== 0) {
        bytes.push(colour);
        continue;
      }
      const mark = colour === 0 ? 0 : 0x80;
      if (count < 0x40) bytes.push(0, mark | count);
      else bytes.push(0, mark | 0x40 | (count >> 8), count & 0xff);
      if (colour !== 0) bytes.push(colour);
    }
    bytes.push(0, 0);
  }
  return Buffer.from(bytes);
}

function segment(seconds: number, type: keyof typeof TYPES, body: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.write("PG", "latin1");
  // A clock of 32 bits goes round after 13 hours.
  header.writeUInt32BE(Math.round(seconds * PTS_PER_SECOND) % 2 ** 32, 2);
  header.writeUInt8(TYPES[type], 10);
  header.writeUInt16BE(body.length, 11);
  return Buffer.concat([header, body]);
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, k) => bytes.writeUInt16BE(value, 2 * k));
  return bytes;
}
