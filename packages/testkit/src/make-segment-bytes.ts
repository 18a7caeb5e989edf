import { PTS_OFFSET_FRAMES } from "@upreel/core";

export interface SegmentBytesOptions {
  /** Presentation times of the pictures in coding order, 90 kHz. */
  readonly times: readonly number[];
  /** Which of them are IDRs; default the first. */
  readonly idrs?: readonly number[];
  /** Bytes of each picture; default 300. */
  readonly pictureBytes?: number;
  /**
   * Audio PES packets after the pictures, of one packet of AAC (200 bytes, 48 kHz) each, from the first
   * picture on; default 0. Or their times, 90 kHz.
   */
  readonly audioPackets?: number | readonly number[];
  readonly codec?: "h264" | "hevc";
  /** Write the length of each picture's PES packet, as ffmpeg's `omit_video_pes_length=0` does. */
  readonly declaresLength?: boolean;
}

const PACKET_BYTES = 188;
const MAP_PID = 0x1000;
const VIDEO_PID = 0x100;
const AUDIO_PID = 0x101;

/** 1024 samples at 48 kHz. */
const AAC_TICKS = 1920;
/** An ADTS header that says: 48 kHz, stereo, 200 bytes. */
const AAC_PACKET = Buffer.concat([
  Buffer.from([0xff, 0xf1, 0x4c, 0x80, 200 >> 3, ((200 & 7) << 5) | 0x1f, 0xfc]),
  Buffer.alloc(193),
]);

/** Times of `count` pictures that stand where frames `first`… of a 25 fps timeline belong. */
export const pictureTimes = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => (first + index + PTS_OFFSET_FRAMES) * 3600);

/** Bytes of an MPEG-TS segment whose pictures are empty shells: enough for checks, not to play. */
export function makeSegmentBytes(options: SegmentBytesOptions): Buffer {
  const { times, idrs = [0], pictureBytes = 300, audioPackets = 0, codec = "h264" } = options;
  const writer = new PacketWriter();
  writer.section(0, [0, 0xb0, 13, 0, 1, 0xc1, 0, 0, 0, 1, 0xe0 | (MAP_PID >> 8), MAP_PID & 0xff]);
  const sounds =
    typeof audioPackets === "number"
      ? Array.from({ length: audioPackets }, (_, n) => (times[0] ?? 0) + n * AAC_TICKS)
      : audioPackets;
  writer.section(MAP_PID, programMap(codec, sounds.length > 0));
  for (const [index, pts] of times.entries()) {
    const picture = makePicture(codec, idrs.includes(index), pictureBytes);
    writer.pes(VIDEO_PID, makePes(0xe0, pts, picture, options.declaresLength === true));
  }
  for (const pts of sounds) writer.pes(AUDIO_PID, makePes(0xc0, pts, AAC_PACKET, true));
  return writer.bytes();
}

function programMap(codec: "h264" | "hevc", hasAudio: boolean): number[] {
  const entry = (type: number, pid: number) => [type, 0xe0 | (pid >> 8), pid & 0xff, 0xf0, 0];
  const entries = [
    ...entry(codec === "h264" ? 0x1b : 0x24, VIDEO_PID),
    ...(hasAudio ? entry(0x0f, AUDIO_PID) : []),
  ];
  const clock = [0xe0 | (VIDEO_PID >> 8), VIDEO_PID & 0xff];
  return [2, 0xb0, 13 + entries.length, 0, 1, 0xc1, 0, 0, ...clock, 0xf0, 0, ...entries];
}

/** An access unit: delimiter, one slice header, filling that holds no start code. */
function makePicture(codec: "h264" | "hevc", isIdr: boolean, bytes: number): Buffer {
  const units =
    codec === "h264"
      ? [0, 0, 0, 1, 9, 0xf0, 0, 0, 1, isIdr ? 0x65 : 0x41]
      : [0, 0, 0, 1, 70, 1, 0x50, 0, 0, 1, isIdr ? 19 << 1 : 1 << 1, 1];
  return Buffer.concat([Buffer.from(units), Buffer.alloc(Math.max(0, bytes - units.length), 0xff)]);
}

function makePes(streamId: number, pts: number, data: Buffer, declaresLength: boolean): Buffer {
  const length = declaresLength ? 8 + data.length : 0;
  const head = [0, 0, 1, streamId, length >> 8, length & 0xff, 0x80, 0x80, 5];
  return Buffer.concat([Buffer.from([...head, ...timestamp(pts)]), data]);
}

function timestamp(pts: number): number[] {
  const top = Math.floor(pts / 2 ** 30) & 7;
  const middle = Math.floor(pts / 2 ** 15) & 0x7fff;
  const bottom = pts % 2 ** 15;
  return [
    0x21 | (top << 1),
    middle >> 7,
    ((middle << 1) & 0xff) | 1,
    bottom >> 7,
    ((bottom << 1) & 0xff) | 1,
  ];
}

class PacketWriter {
  readonly #packets: Buffer[] = [];
  readonly #continuity = new Map<number, number>();

  /** A table section; its checksum is left 0, since nothing here reads it. */
  section(pid: number, section: readonly number[]): void {
    const payload = Buffer.alloc(PACKET_BYTES - 4, 0xff);
    Buffer.from([0, ...section, 0, 0, 0, 0]).copy(payload);
    this.#packet(pid, true, payload);
  }

  pes(pid: number, pes: Buffer): void {
    for (let at = 0; at < pes.length; at += PACKET_BYTES - 4) {
      this.#packet(pid, at === 0, pes.subarray(at, at + PACKET_BYTES - 4));
    }
  }

  bytes(): Buffer {
    return Buffer.concat(this.#packets);
  }

  #packet(pid: number, startsUnit: boolean, payload: Buffer): void {
    const continuity = this.#continuity.get(pid) ?? 0;
    this.#continuity.set(pid, (continuity + 1) & 0x0f);
    const gap = PACKET_BYTES - 4 - payload.length;
    const head = Buffer.from([
      0x47,
      (startsUnit ? 0x40 : 0) | (pid >> 8),
      pid & 0xff,
      (gap > 0 ? 0x30 : 0x10) | continuity,
    ]);
    // An adaptation field of stuffing alone: its length, flags (if there is room), filling.
    const stuffing = Buffer.alloc(gap, 0xff);
    if (gap > 0) stuffing[0] = gap - 1;
    if (gap > 1) stuffing[1] = 0;
    this.#packets.push(Buffer.concat([head, stuffing, payload]));
  }
}
