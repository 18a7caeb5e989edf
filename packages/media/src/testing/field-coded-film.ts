import { writeFile } from "node:fs/promises";
import { runFfmpeg } from "@upreel/testkit";

/** Of a picture of 64×64: macroblocks of 16×16, and rows of them in a field. */
const COLUMNS = 4;
const ROWS = 2;

/**
 * An interlaced film whose packets are one field each (H.264 in fields, PAFF), 25 pictures a second: a bar that moves.
 * No encoder of ffmpeg makes such, so its samples are written as they are (I_PCM).
 */
export async function makeFieldCodedFilm(path: string, pictures: number): Promise<string> {
  const raw = `${path}.h264`;
  const fields = Array.from({ length: 2 * pictures }, (_, n) => field(n)).flat();
  await writeFile(raw, Buffer.from(fields));
  await runFfmpeg(["-framerate", "25", "-i", raw, "-c", "copy", path]);
  return path;
}

/** ITU-T H.264, 7.3: the units of field `n`, the first of each two an IDR one. */
function field(n: number): number[] {
  const isBottom = n % 2;
  const slice = bits();
  // first_mb, slice_type I, pps; frame_num; field_pic_flag and bottom_field_flag.
  for (const value of [0, 7, 0]) slice.golomb(value);
  slice.put(0, 4).put(1, 1).put(isBottom, 1);
  if (isBottom === 0)
    slice
      .golomb((n / 2) % 2)
      .put(0, 1)
      .put(0, 1);
  else slice.put(0, 1);
  slice.golomb(0);
  for (let block = 0; block < COLUMNS * ROWS; block += 1) {
    slice.golomb(25).align();
    for (let i = 0; i < 256; i += 1) {
      const column = 16 * (block % COLUMNS) + (i % 16);
      slice.put(Math.abs(column - (n % 64)) < 8 ? 200 : 40, 8);
    }
    for (let i = 0; i < 128; i += 1) slice.put(128, 8);
  }
  return [
    ...unit(0x09, bits().put(0, 3).stop()),
    ...(isBottom === 0 ? [...unit(0x67, sequence()), ...unit(0x68, picture())] : []),
    ...unit(isBottom === 0 ? 0x65 : 0x61, slice.stop()),
  ];
}

/** Main profile, times of fields by frame_num alone, 64×64, fields allowed, 50 of them a second. */
function sequence(): number[] {
  const set = bits().put(77, 8).put(0, 8).put(30, 8);
  for (const value of [0, 0, 2, 1]) set.golomb(value);
  set
    .put(0, 1)
    .golomb(COLUMNS - 1)
    .golomb(ROWS - 1)
    .put(0b0010, 4);
  // Usage information: a clock of fields.
  return set.put(0b100001, 6).put(0, 16).put(1, 16).put(0, 16).put(50, 16).put(0b10000, 5).stop();
}

function picture(): number[] {
  const set = bits().golomb(0).golomb(0).put(0, 2);
  for (const value of [0, 0, 0]) set.golomb(value);
  set.put(0, 3);
  for (const value of [0, 0, 0]) set.golomb(value);
  return set.put(0, 3).stop();
}

/** With its start code, and bytes that keep others from looking like one. */
function unit(header: number, payload: readonly number[]): number[] {
  const bytes = [0, 0, 0, 1, header];
  let zeros = 0;
  for (const byte of payload) {
    if (zeros === 2 && byte <= 3) {
      bytes.push(3);
      zeros = 0;
    }
    bytes.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return bytes;
}

/** Bits, the most significant first. */
function bits() {
  const bytes: number[] = [];
  let used = 0;
  const self = {
    put(value: number, count: number) {
      for (let i = count - 1; i >= 0; i -= 1) {
        if (used % 8 === 0) bytes.push(0);
        const last = bytes.length - 1;
        bytes[last] = (bytes[last] ?? 0) | (((value >> i) & 1) << (7 - (used % 8)));
        used += 1;
      }
      return self;
    },
    /** Exp-Golomb: of signed ones only 0 is written here, which is the same. */
    golomb(value: number) {
      const length = 32 - Math.clz32(value + 1);
      return self.put(0, length - 1).put(value + 1, length);
    },
    align: () => self.put(0, (8 - (used % 8)) % 8),
    stop(): number[] {
      self.put(1, 1).align();
      return bytes;
    },
  };
  return self;
}
