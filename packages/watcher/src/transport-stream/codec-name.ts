import { MAX_PACKETS_BEFORE_SLICE, pictureStart } from "./first-slice.ts";
import { inspectSegment } from "./inspect-segment.ts";
import { readPacketHeader } from "./transport-stream.ts";

const START_CODE = Buffer.from([0, 0, 1]);

/**
 * The RFC 6381 name of the video in an MPEG-TS segment (`avc1.42c01e`, `hvc1.1.6.L93.90`), read from
 * its sequence parameter set; undefined when there is none. The segment's beginning is enough.
 */
export function videoCodecName(bytes: Uint8Array): string | undefined {
  const { videoCodec, pictures } = inspectSegment(bytes);
  const [first] = pictures;
  if (videoCodec === undefined || first === undefined) return undefined;
  const { pid } = readPacketHeader(bytes, first.byteOffset);
  const picture = pictureStart(bytes, first.byteOffset, pid, MAX_PACKETS_BEFORE_SLICE);
  for (let at = picture.indexOf(START_CODE); at >= 0; at = picture.indexOf(START_CODE, at + 3)) {
    const unit = picture.subarray(at + 3);
    if (videoCodec === "h264" && (unit[0]! & 0x1f) === 7) return avcName(unit);
    // H.265 table 7-1: 33 is the sequence parameter set.
    if (videoCodec === "hevc" && ((unit[0]! >> 1) & 0x3f) === 33) {
      // A header of 2 bytes and one of other fields come before what the name is made of.
      return hevcName(withoutEmulation(unit.subarray(0, 24)).subarray(3));
    }
  }
  return undefined;
}

const hex = (byte: number): string => byte.toString(16).padStart(2, "0");

/** H.264 7.3.2.1, and `avcC`: profile, constraint flags and level follow one byte of other things. */
export const avcName = (unit: Uint8Array): string | undefined =>
  unit.length < 4 ? undefined : `avc1.${hex(unit[1]!)}${hex(unit[2]!)}${hex(unit[3]!)}`;

/** `level`: profile, tier and level as H.265 7.3.3 writes them; the name by ISO/IEC 14496-15 annex E. */
export function hevcName(level: Uint8Array): string | undefined {
  if (level.length < 12) return undefined;
  const space = ["", "A", "B", "C"][level[0]! >> 6]!;
  const tier = (level[0]! & 0x20) === 0 ? "L" : "H";
  const constraints = [...level.subarray(5, 11)];
  while (constraints.at(-1) === 0) constraints.pop();
  return [
    `hvc1.${space}${level[0]! & 0x1f}`,
    reverseBits(level[1]!, level[2]!, level[3]!, level[4]!).toString(16),
    `${tier}${level[11]!}`,
    ...constraints.map((byte) => byte.toString(16)),
  ].join(".");
}

/** The compatibility flags are told with the first one as the lowest bit. */
function reverseBits(...bytes: readonly number[]): number {
  let value = 0;
  for (const [i, byte] of bytes.entries()) {
    for (let bit = 0; bit < 8; bit += 1) if (byte & (0x80 >> bit)) value += 2 ** (8 * i + bit);
  }
  return value;
}

/** H.265 7.4.2: in `00 00 03` the 3 is there for the start codes alone. */
function withoutEmulation(unit: Uint8Array): Uint8Array {
  return unit.filter((byte, i) => !(byte === 3 && unit[i - 1] === 0 && unit[i - 2] === 0));
}
