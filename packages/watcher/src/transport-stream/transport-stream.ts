/** The parts of ISO/IEC 13818-1 (MPEG-TS) that a segment check needs; offsets in bytes. */

export const PACKET_BYTES = 188;
export const SYNC_BYTE = 0x47;
export const NULL_PID = 0x1fff;

export interface PacketHeader {
  readonly pid: number;
  readonly startsUnit: boolean;
  readonly continuity: number;
  /** The packet says that its continuity counter starts anew. */
  readonly isDiscontinuity: boolean;
  /** Where the payload begins; `PACKET_BYTES` after `at` when there is none. */
  readonly payloadAt: number;
  readonly hasPayload: boolean;
}

/** Reads the header of the packet at `at`, which has been checked for its sync byte. */
export function readPacketHeader(bytes: Uint8Array, at: number): PacketHeader {
  const b1 = bytes[at + 1]!;
  const b3 = bytes[at + 3]!;
  const hasAdaptation = (b3 & 0x20) !== 0;
  const adaptationBytes = hasAdaptation ? 1 + bytes[at + 4]! : 0;
  return {
    pid: ((b1 & 0x1f) << 8) | bytes[at + 2]!,
    startsUnit: (b1 & 0x40) !== 0,
    continuity: b3 & 0x0f,
    isDiscontinuity: adaptationBytes > 1 && (bytes[at + 5]! & 0x80) !== 0,
    payloadAt: Math.min(at + 4 + adaptationBytes, at + PACKET_BYTES),
    hasPayload: (b3 & 0x10) !== 0,
  };
}

/**
 * Whether the packet at `at` is filled up with stuffing, as the last one of a PES packet is unless
 * it fits exactly. An adaptation field alone is none: it may carry a clock reference.
 */
export function isStuffed(bytes: Uint8Array, at: number): boolean {
  if ((bytes[at + 3]! & 0x20) === 0) return false;
  const length = bytes[at + 4]!;
  const flags = length === 0 ? 0 : bytes[at + 5]!;
  if (flags === 0) return true;
  const clockBytes = (flags & 0x10 ? 6 : 0) + (flags & 0x08 ? 6 : 0) + (flags & 0x04 ? 1 : 0);
  const privateBytes = flags & 0x02 ? 1 + bytes[at + 6 + clockBytes]! : 0;
  return length > 1 + clockBytes + privateBytes;
}

/** The start of a table section in a packet that starts one, after the pointer field. */
const sectionAt = (bytes: Uint8Array, payloadAt: number): number =>
  payloadAt + 1 + bytes[payloadAt]!;

const sectionEnd = (bytes: Uint8Array, at: number): number =>
  // 3 bytes up to the length, and 4 of CRC at its end.
  at + 3 + (((bytes[at + 1]! & 0x0f) << 8) | bytes[at + 2]!) - 4;

/** PID of the first programme's map in a program association table; undefined for a broken one. */
export function readProgramMapPid(bytes: Uint8Array, payloadAt: number): number | undefined {
  const at = sectionAt(bytes, payloadAt);
  if (bytes[at] !== 0x00) return undefined;
  for (let entry = at + 8; entry + 4 <= sectionEnd(bytes, at); entry += 4) {
    const programme = (bytes[entry]! << 8) | bytes[entry + 1]!;
    if (programme !== 0) return ((bytes[entry + 2]! & 0x1f) << 8) | bytes[entry + 3]!;
  }
  return undefined;
}

export interface ElementaryStream {
  readonly pid: number;
  readonly streamType: number;
}

/** Elementary streams of a program map table that fits one packet (ffmpeg's always does). */
export function readProgramMap(bytes: Uint8Array, payloadAt: number): ElementaryStream[] {
  const at = sectionAt(bytes, payloadAt);
  if (bytes[at] !== 0x02) return [];
  const streams: ElementaryStream[] = [];
  const end = Math.min(sectionEnd(bytes, at), bytes.length);
  let entry = at + 12 + (((bytes[at + 10]! & 0x0f) << 8) | bytes[at + 11]!);
  while (entry + 5 <= end) {
    const pid = ((bytes[entry + 1]! & 0x1f) << 8) | bytes[entry + 2]!;
    streams.push({ pid, streamType: bytes[entry]! });
    entry += 5 + (((bytes[entry + 3]! & 0x0f) << 8) | bytes[entry + 4]!);
  }
  return streams;
}

export interface PesHeader {
  readonly pts90k: number | undefined;
  /** Bytes of the whole PES packet as declared; undefined where it says 0 (video may). */
  readonly declaredBytes: number | undefined;
  /** Where the elementary stream's bytes begin. */
  readonly dataAt: number;
}

/** Reads the PES header at `at`; undefined when there is no start code. */
export function readPesHeader(bytes: Uint8Array, at: number): PesHeader | undefined {
  if (bytes[at] !== 0 || bytes[at + 1] !== 0 || bytes[at + 2] !== 1) return undefined;
  const length = (bytes[at + 4]! << 8) | bytes[at + 5]!;
  const hasPts = (bytes[at + 7]! & 0x80) !== 0;
  return {
    pts90k: hasPts ? readTimestamp(bytes, at + 9) : undefined,
    declaredBytes: length === 0 ? undefined : length + 6,
    dataAt: at + 9 + bytes[at + 8]!,
  };
}

/** 33 bits in 5 bytes; the top three by multiplication, since bit operators end at 32. */
function readTimestamp(bytes: Uint8Array, at: number): number {
  const top = (bytes[at]! >> 1) & 0x07;
  const middle = ((bytes[at + 1]! << 8) | bytes[at + 2]!) >> 1;
  const bottom = ((bytes[at + 3]! << 8) | bytes[at + 4]!) >> 1;
  return top * 0x4000_0000 + middle * 0x8000 + bottom;
}
