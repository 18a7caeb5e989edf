import { PTS_PER_SECOND } from "@upreel/core";

/** What one packet of an elementary sound stream says of itself in its first bytes. */
export interface SoundFrame {
  readonly bytes: number;
  /** How long it plays, in ticks of 90 kHz; need not be whole. */
  readonly ticks: number;
}

export type SoundCodec = "aac" | "mpeg";

/** Of the stream types of a program map; others are not told apart (ISO/IEC 13818-1, table 2-34). */
export const SOUND_CODECS: ReadonlyMap<number, SoundCodec> = new Map([
  [0x03, "mpeg"],
  [0x04, "mpeg"],
  [0x0f, "aac"],
]);

/** Of the longest header that is read. */
export const FRAME_HEADER_BYTES = 7;

/** The packet that begins at `at`; undefined where none does. */
export const readSoundFrame = (
  bytes: Uint8Array,
  at: number,
  codec: SoundCodec,
): SoundFrame | undefined => (codec === "aac" ? readAdts(bytes, at) : readMpeg(bytes, at));

const ADTS_RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
  7_350,
];
const ADTS_SAMPLES = 1024;

/** ISO/IEC 13818-7, 6.2. The rate is that of the core, and so are the samples, with SBR or without. */
function readAdts(bytes: Uint8Array, at: number): SoundFrame | undefined {
  const [b1 = 0, b2 = 0, b3 = 0, b4 = 0, b5 = 0, b6 = 0] = bytes.subarray(at + 1, at + 7);
  if (bytes[at] !== 0xff || (b1 & 0xf6) !== 0xf0) return undefined;
  const rate = ADTS_RATES[(b2 >> 2) & 0x0f];
  const length = ((b3 & 0x03) << 11) | (b4 << 3) | (b5 >> 5);
  if (rate === undefined || length < FRAME_HEADER_BYTES) return undefined;
  const blocks = (b6 & 0x03) + 1;
  return { bytes: length, ticks: (blocks * ADTS_SAMPLES * PTS_PER_SECOND) / rate };
}

/** kbit/s by layer, of MPEG-1 and of MPEG-2 with its half rates. */
const BITRATES = {
  1: {
    1: [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    2: [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    3: [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  },
  2: {
    1: [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    2: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    3: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  },
} as const;
const MPEG_RATES = [44_100, 48_000, 32_000];

/** ISO/IEC 11172-3, 2.4.1.3, and 13818-3 for the half rates. */
function readMpeg(bytes: Uint8Array, at: number): SoundFrame | undefined {
  const [b1 = 0, b2 = 0] = bytes.subarray(at + 1, at + 3);
  if (bytes[at] !== 0xff || (b1 & 0xe0) !== 0xe0) return undefined;
  const version = (b1 >> 3) & 0x03;
  const layer = 4 - ((b1 >> 1) & 0x03);
  const full = MPEG_RATES[(b2 >> 2) & 0x03];
  if (version === 1 || full === undefined || (layer !== 1 && layer !== 2 && layer !== 3)) {
    return undefined;
  }
  const isHalf = version !== 3;
  const kbits = BITRATES[isHalf ? 2 : 1][layer][(b2 >> 4) - 1];
  if (kbits === undefined) return undefined;
  // Version 0 is MPEG-2.5, of quarter rates.
  const rate = full / (version === 3 ? 1 : version === 2 ? 2 : 4);
  const samples = layer === 1 ? 384 : layer === 3 && isHalf ? 576 : 1152;
  const padding = (b2 >> 1) & 1;
  const length =
    layer === 1
      ? 4 * (Math.floor((12_000 * kbits) / rate) + padding)
      : Math.floor((samples * 125 * kbits) / rate) + padding;
  return { bytes: length, ticks: (samples * PTS_PER_SECOND) / rate };
}
