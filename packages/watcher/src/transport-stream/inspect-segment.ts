import {
  NULL_PID,
  PACKET_BYTES,
  SYNC_BYTE,
  isStuffed,
  readPacketHeader,
  readPesHeader,
  readProgramMap,
  readProgramMapPid,
  type ElementaryStream,
  type PacketHeader,
} from "./transport-stream.ts";
import { firstSliceIsIdr, type VideoCodec } from "./first-slice.ts";
import { SOUND_CODECS } from "./sound-frames.ts";
import { SoundLog, type SoundSpan } from "./sound-log.ts";

const VIDEO_CODECS: ReadonlyMap<number, VideoCodec> = new Map([
  [0x1b, "h264"],
  [0x24, "hevc"],
]);

export interface Picture {
  readonly pts90k: number | undefined;
  readonly isIdr: boolean;
  /** Of the packet that starts it. */
  readonly byteOffset: number;
}

/** What the bytes of an MPEG-TS segment hold. ffmpeg writes one picture a PES packet. */
export interface SegmentInspection {
  readonly packets: number;
  /** Bytes that do not fill a packet. */
  readonly looseBytes: number;
  /** Byte offsets of packets that do not start with a sync byte; the walk ends at the first. */
  readonly lostSyncAt: number | undefined;
  readonly videoCodec: VideoCodec | undefined;
  /** In stream order. */
  readonly pictures: readonly Picture[];
  /**
   * `whole`: its declared length is there, or something was written after it, or it ends in
   * stuffing. `maybe`: it ends exactly with the file, as one in 184 does, and as a cut one would.
   */
  readonly lastPicture: "whole" | "cut" | "maybe";
  readonly hasAudio: boolean;
  /** undefined: there is none, or it is of a kind whose packets are not told apart. */
  readonly sound: SoundSpan | undefined;
  /** Audio PES packets that are shorter or longer than they declare. */
  readonly brokenAudioPackets: number;
  readonly continuityGaps: number;
}

interface OpenPes {
  readonly declaredBytes: number | undefined;
  bytes: number;
}

/** Reads a segment in one pass over its packets: about 1 ms for 3 MB. */
export function inspectSegment(bytes: Uint8Array): SegmentInspection {
  return new SegmentReader(bytes).read();
}

class SegmentReader {
  readonly #bytes: Uint8Array;
  readonly #continuity = new Map<number, number>();
  readonly #pictures: Picture[] = [];
  #mapPid: number | undefined;
  #videoPid: number | undefined;
  #videoCodec: VideoCodec | undefined;
  #audioPid: number | undefined;
  #video: OpenPes | undefined;
  #audio: OpenPes | undefined;
  #lastVideoPacketAt = 0;
  #sound: SoundLog | undefined;
  #brokenAudioPackets = 0;
  #continuityGaps = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(): SegmentInspection {
    const whole = this.#bytes.length - (this.#bytes.length % PACKET_BYTES);
    let lostSyncAt: number | undefined;
    for (let at = 0; at < whole; at += PACKET_BYTES) {
      if (this.#bytes[at] !== SYNC_BYTE) {
        lostSyncAt = at;
        break;
      }
      this.#readPacket(at, readPacketHeader(this.#bytes, at));
    }
    this.#closeAudio();
    return {
      packets: whole / PACKET_BYTES,
      looseBytes: this.#bytes.length - whole,
      lostSyncAt,
      videoCodec: this.#videoCodec,
      pictures: this.#pictures,
      lastPicture: this.#lastPicture(whole),
      hasAudio: this.#audioPid !== undefined,
      sound: this.#sound?.span(),
      brokenAudioPackets: this.#brokenAudioPackets,
      continuityGaps: this.#continuityGaps,
    };
  }

  #readPacket(at: number, header: PacketHeader): void {
    if (header.pid === NULL_PID) return;
    this.#checkContinuity(header);
    if (!header.hasPayload) return;
    if (header.pid === this.#videoPid) this.#readVideo(at, header);
    else if (header.pid === this.#audioPid) this.#readAudio(at, header);
    else if (header.pid === 0 && header.startsUnit) {
      this.#mapPid = readProgramMapPid(this.#bytes, header.payloadAt) ?? this.#mapPid;
    } else if (header.pid === this.#mapPid && header.startsUnit) this.#readMap(header.payloadAt);
  }

  #checkContinuity(header: PacketHeader): void {
    const previous = this.#continuity.get(header.pid);
    this.#continuity.set(header.pid, header.continuity);
    if (previous === undefined || header.isDiscontinuity) return;
    // ISO/IEC 13818-1 2.4.3.3: it counts packets with a payload only.
    const expected = header.hasPayload ? (previous + 1) & 0x0f : previous;
    if (header.continuity !== expected) this.#continuityGaps += 1;
  }

  #readMap(payloadAt: number): void {
    for (const stream of readProgramMap(this.#bytes, payloadAt)) {
      const codec = VIDEO_CODECS.get(stream.streamType);
      if (codec === undefined) this.#openAudio(stream);
      else if (this.#videoPid === undefined) {
        this.#videoPid = stream.pid;
        this.#videoCodec = codec;
      }
    }
  }

  #openAudio({ pid, streamType }: ElementaryStream): void {
    if (this.#audioPid !== undefined) return;
    this.#audioPid = pid;
    const codec = SOUND_CODECS.get(streamType);
    if (codec !== undefined) this.#sound = new SoundLog(codec);
  }

  #readVideo(at: number, header: PacketHeader): void {
    if (header.startsUnit) {
      const pes = readPesHeader(this.#bytes, header.payloadAt);
      this.#video = { declaredBytes: pes?.declaredBytes, bytes: 0 };
      this.#pictures.push({
        pts90k: pes?.pts90k,
        isIdr: firstSliceIsIdr(this.#bytes, at, header.pid, this.#videoCodec!),
        byteOffset: at,
      });
    }
    addPayload(this.#video, at, header);
    this.#lastVideoPacketAt = at;
  }

  #readAudio(at: number, header: PacketHeader): void {
    let dataAt = header.payloadAt;
    if (header.startsUnit) {
      this.#closeAudio();
      const pes = readPesHeader(this.#bytes, header.payloadAt);
      this.#audio = { declaredBytes: pes?.declaredBytes, bytes: 0 };
      if (pes?.pts90k !== undefined) this.#sound?.begin(pes.pts90k);
      dataAt = pes?.dataAt ?? dataAt;
    }
    addPayload(this.#audio, at, header);
    this.#sound?.add(this.#bytes.subarray(dataAt, at + PACKET_BYTES));
  }

  #closeAudio(): void {
    const pes = this.#audio;
    if (pes?.declaredBytes !== undefined && pes.bytes !== pes.declaredBytes) {
      this.#brokenAudioPackets += 1;
    }
  }

  #lastPicture(whole: number): "whole" | "cut" | "maybe" {
    const pes = this.#video;
    if (pes === undefined) return "cut";
    if (pes.declaredBytes !== undefined) return pes.bytes === pes.declaredBytes ? "whole" : "cut";
    const isLastInFile = this.#lastVideoPacketAt + PACKET_BYTES === whole;
    return !isLastInFile || isStuffed(this.#bytes, this.#lastVideoPacketAt) ? "whole" : "maybe";
  }
}

function addPayload(pes: OpenPes | undefined, at: number, header: PacketHeader): void {
  if (pes === undefined) return;
  pes.bytes += at + PACKET_BYTES - header.payloadAt;
}
