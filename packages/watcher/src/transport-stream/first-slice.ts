import {
  PACKET_BYTES,
  SYNC_BYTE,
  readPacketHeader,
  readPesHeader,
  type PesHeader,
} from "./transport-stream.ts";

export type VideoCodec = "h264" | "hevc";

/** Parameter sets and SEI before the first slice are far smaller than this. */
export const MAX_PACKETS_BEFORE_SLICE = 350;

/** Whether the first slice of the picture whose PES starts in the packet at `at` is an IDR. */
export function firstSliceIsIdr(
  bytes: Uint8Array,
  at: number,
  pid: number,
  codec: VideoCodec,
): boolean {
  // The first packet answers for nearly every picture but the IDRs themselves.
  for (const packets of [1, 16, MAX_PACKETS_BEFORE_SLICE]) {
    const answer = sliceIsIdr(pictureStart(bytes, at, pid, packets), codec);
    if (answer !== undefined) return answer;
  }
  return false;
}

/** The elementary stream's bytes in the first `packets` packets of one PES. */
export function pictureStart(bytes: Uint8Array, at: number, pid: number, packets: number): Buffer {
  const parts: Uint8Array[] = [];
  let pes: PesHeader | undefined;
  for (let p = at; p + PACKET_BYTES <= bytes.length && parts.length < packets; p += PACKET_BYTES) {
    if (bytes[p] !== SYNC_BYTE) break;
    const header = readPacketHeader(bytes, p);
    if (header.pid !== pid || !header.hasPayload) continue;
    if (p > at && header.startsUnit) break;
    if (p === at) pes = readPesHeader(bytes, header.payloadAt);
    if (pes === undefined) break;
    parts.push(bytes.subarray(p === at ? pes.dataAt : header.payloadAt, p + PACKET_BYTES));
  }
  const only = parts.length === 1 ? parts[0] : undefined;
  return only === undefined
    ? Buffer.concat(parts)
    : Buffer.from(only.buffer, only.byteOffset, only.byteLength);
}

const START_CODE = Buffer.from([0, 0, 1]);

/** undefined: no slice in these bytes. */
function sliceIsIdr(data: Buffer, codec: VideoCodec): boolean | undefined {
  let at = data.indexOf(START_CODE);
  while (at >= 0 && at + 3 < data.length) {
    const header = data[at + 3]!;
    if (codec === "h264") {
      const type = header & 0x1f;
      if (type >= 1 && type <= 5) return type === 5;
    } else {
      const type = (header >> 1) & 0x3f;
      // H.265 table 7-1: below 32 are slices; 19 and 20 are IDR.
      if (type < 32) return type === 19 || type === 20;
    }
    at = data.indexOf(START_CODE, at + 3);
  }
  return undefined;
}
