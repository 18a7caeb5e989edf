import { promisify } from "node:util";
import { crc32, deflate, inflate } from "node:zlib";

/** 8-bit grey pictures as PNG (ISO/IEC 15948), as much of it as ffmpeg writes and reads. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Buffer;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const inflated = promisify(inflate);
const deflated = promisify<Buffer, { level: number }, Buffer>(deflate);

/** Length of the PNG at the start of `bytes`; undefined while its end is not there. */
export function pngLength(bytes: Buffer): number | undefined {
  for (let at = SIGNATURE.length; at + 12 <= bytes.length;) {
    const next = at + 12 + bytes.readUInt32BE(at);
    if (bytes.toString("latin1", at + 4, at + 8) === "IEND" && next <= bytes.length) return next;
    at = next;
  }
  return undefined;
}

export async function decodePng(png: Buffer): Promise<GreyPicture> {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const parts: Buffer[] = [];
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    if (type === "IDAT") parts.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const pixels = unfilter(await inflated(Buffer.concat(parts)), width, height);
  return { width, height, pixels };
}

/** Section 9: each row says which of its neighbours its pixels are told relative to. */
function unfilter(rows: Buffer, width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height);
  for (let y = 0; y < height; y++) {
    const from = y * (width + 1) + 1;
    const to = y * width;
    const filter = rows[from - 1] ?? 0;
    for (let x = 0; x < width; x++) {
      const left = x === 0 ? 0 : (pixels[to + x - 1] as number);
      const up = y === 0 ? 0 : (pixels[to + x - width] as number);
      const corner = x === 0 || y === 0 ? 0 : (pixels[to + x - width - 1] as number);
      pixels[to + x] = (rows[from + x] as number) + predict(filter, left, up, corner);
    }
  }
  return pixels;
}

function predict(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const guess = left + up - corner;
      const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
      return a <= b && a <= c ? left : b <= c ? up : corner;
    }
    default:
      return 0;
  }
}

/** With the fastest compression. */
export async function encodePng({ width, height, pixels }: GreyPicture): Promise<Buffer> {
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++) {
    pixels.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  const data = await deflated(rows, { level: 1 });
  return Buffer.concat([
    SIGNATURE,
    ...[chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))],
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
