import { PTS_PER_SECOND } from "@upreel/core";

/** A subtitle that is a picture: a box in one colour. Seconds and pixels. */
export interface PgsCue {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly box: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  /** BT.709 of limited range, as discs have it. */
  readonly colour: { readonly y: number; readonly cr: number; readonly cb: number };
}

const TYPES = { palette: 0x14, object: 0x15, composition: 0x16, windows: 0x17, end: 0x80 } as const;
const [EPOCH_START, NORMAL_CASE] = [0x80, 0x00];

/**
 * A .sup file (PGS, the subtitles of Blu-ray discs), which no ffmpeg can write from anything else. `screen` is what
 * the boxes lie on.
 */
export function makePgs(
  screen: { readonly width: number; readonly height: number },
  cues: readonly PgsCue[],
): Buffer {
  return Buffer.concat(
    cues.flatMap(({ fromSeconds, toSeconds, box, colour }, k) => {
      const windows = Buffer.concat([Buffer.of(1, 0), place(box), words(box.width, box.height)]);
      const shown = Buffer.concat([Buffer.of(0, 0, 0, 0), place(box)]);
      const composition = (state: number, number: number, objects: readonly Buffer[]): Buffer =>
        Buffer.concat([
          words(screen.width, screen.height),
          ...[Buffer.of(0x10), words(number), Buffer.of(state, 0, 0, objects.length), ...objects],
        ]);
      return [
        segment(fromSeconds, "composition", composition(EPOCH_START, 2 * k, [shown])),
        segment(fromSeconds, "windows", windows),
        segment(fromSeconds, "palette", Buffer.of(0, 0, 1, colour.y, colour.cr, colour.cb, 255)),
        segment(fromSeconds, "object", pictureOf(box)),
        segment(fromSeconds, "end", Buffer.alloc(0)),
        segment(toSeconds, "composition", composition(NORMAL_CASE, 2 * k + 1, [])),
        segment(toSeconds, "windows", windows),
        segment(toSeconds, "end", Buffer.alloc(0)),
      ];
    }),
  );
}

/** Whole of one colour, line by line in runs of equal pixels. */
function pictureOf({ width, height }: PgsCue["box"]): Buffer {
  const line = Buffer.of(0, 0xc0 | (width >> 8), width & 0xff, 1, 0, 0);
  const lines = Buffer.concat(Array.from({ length: height }, () => line));
  const length = lines.length + 4;
  return Buffer.concat([
    Buffer.of(0, 0, 0, 0xc0, length >> 16, (length >> 8) & 0xff, length & 0xff),
    ...[words(width, height), lines],
  ]);
}

function segment(seconds: number, type: keyof typeof TYPES, body: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.write("PG", "latin1");
  header.writeUInt32BE(Math.round(seconds * PTS_PER_SECOND), 2);
  header.writeUInt8(TYPES[type], 10);
  header.writeUInt16BE(body.length, 11);
  return Buffer.concat([header, body]);
}

const place = ({ x, y }: PgsCue["box"]): Buffer => words(x, y);

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, k) => bytes.writeUInt16BE(value, 2 * k));
  return bytes;
}
