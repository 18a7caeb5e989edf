import type { SubtitleColour, SubtitlePicture } from "./subtitle-picture.ts";

/** The picture of a packet, without its time. */
export type SpuPicture = Omit<SubtitlePicture, "fromSeconds" | "toSeconds">;

/** A whole picture of a disc; more would be no subtitle. */
const MOST_PIXELS = 1920 * 1200;

/**
 * A packet of DVD subtitles (a sub-picture unit), as ffmpeg's encoder `dvdsub` writes them: runs of pixels in four
 * colours, those of even and odd lines apart, and commands behind them that say which colours and where. Undefined for
 * one that shows nothing, or is damaged.
 */
export function readSpu(
  packet: Uint8Array,
  palette: readonly Omit<SubtitleColour, "alpha">[],
): SpuPicture | undefined {
  const bytes = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength);
  try {
    const { area, fields, colours, alphas } = readCommands(bytes);
    const [left, right, top, bottom] = area;
    const [width, height] = [right - left + 1, bottom - top + 1];
    if (width <= 0 || height <= 0 || width * height > MOST_PIXELS) return undefined;
    const pixels = new Uint8Array(width * height);
    for (const [field, at] of fields.entries())
      readField(bytes, at, { pixels, width, height, firstLine: field });
    return {
      ...{ x: left, y: top, width, height, pixels },
      colours: colours.map((index, k) => {
        const { red, green, blue } = palette[index] ?? { red: 0, green: 0, blue: 0 };
        return { red, green, blue, alpha: (alphas[k] ?? 0) * 17 };
      }),
    };
  } catch (error) {
    // It names places behind its end.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Commands {
  /** Left, right, top, bottom: pixels, each inside. */
  readonly area: readonly [number, number, number, number];
  /** Where the runs of even and of odd lines begin. */
  readonly fields: readonly [number, number];
  /** Of pixels 0 to 3: places in the palette, and 0 to 15. */
  readonly colours: readonly number[];
  readonly alphas: readonly number[];
}

/** How many bytes follow a command. */
const LENGTHS: Readonly<Record<number, number>> = {
  ...{ 0x00: 0, 0x01: 0, 0x02: 0, 0x03: 2, 0x04: 2, 0x05: 6, 0x06: 4 },
};

/** Those of the first sequence, which shows the picture; what takes it away again is told by the packet's length in time. */
function readCommands(bytes: Buffer): Commands {
  let area: Commands["area"] = [0, -1, 0, -1];
  let fields: Commands["fields"] = [0, 0];
  let [colours, alphas]: [readonly number[], readonly number[]] = [[], []];
  let at = bytes.readUInt16BE(2) + 4;
  for (;;) {
    const command = bytes.readUInt8(at);
    const length = LENGTHS[command];
    if (length === undefined) return { area, fields, colours, alphas };
    at += 1;
    if (command === 0x03) colours = nibbles(bytes.readUInt16BE(at));
    else if (command === 0x04) alphas = nibbles(bytes.readUInt16BE(at));
    else if (command === 0x05) area = [...pair(bytes, at), ...pair(bytes, at + 3)];
    else if (command === 0x06) fields = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2)];
    at += length;
  }
}

/** Of pixels 0 to 3, the last one first in the word. */
const nibbles = (word: number): readonly number[] => [0, 4, 8, 12].map((by) => (word >> by) & 15);

/** Two numbers of 12 bits. */
function pair(bytes: Buffer, at: number): readonly [number, number] {
  const both = bytes.readUIntBE(at, 3);
  return [both >> 12, both & 0xfff];
}

interface Field {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** 0 or 1: every other line from there on. */
  readonly firstLine: number;
}

/** A run is a count and two bits of colour in as few nibbles as hold it; without a count it goes on to the line's end. */
function readField(bytes: Buffer, from: number, { pixels, width, height, firstLine }: Field): void {
  let nibble = from * 2;
  const next = (): number => {
    const byte = bytes.readUInt8(nibble >> 1);
    const value = nibble % 2 === 0 ? byte >> 4 : byte & 15;
    nibble += 1;
    return value;
  };
  for (let line = firstLine; line < height; line += 2) {
    for (let column = 0; column < width;) {
      let run = next();
      for (let least = 4; run < least && least <= 0x40; least *= 4) run = run * 16 + next();
      const end = run < 4 ? width : Math.min(width, column + (run >> 2));
      pixels.fill(run & 3, line * width + column, line * width + end);
      column = end;
    }
    // Each line begins with a byte.
    nibble += nibble % 2;
  }
}
