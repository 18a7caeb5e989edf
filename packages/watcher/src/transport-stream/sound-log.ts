import { FRAME_HEADER_BYTES, readSoundFrame, type SoundCodec } from "./sound-frames.ts";

/** What a segment's sound plays without a break, on its clock of 90 kHz. */
export interface SoundSpan {
  readonly fromPts90k: number;
  readonly toPts90k: number;
  /** Of one packet. */
  readonly packetTicks: number;
  /** Where sound is missing (more than 0 ticks), or begins before the sound before it has ended. */
  readonly breaks: readonly { readonly atPts90k: number; readonly ticks: number }[];
}

const WRAP = 2 ** 33;
/** From one time to another on a clock of 33 bits, at most half of it either way. */
export const ticksBetween = (from: number, to: number): number => {
  const ahead = (((to - from) % WRAP) + WRAP) % WRAP;
  return ahead > WRAP / 2 ? ahead - WRAP : ahead;
};

/**
 * Counts the packets of one sound stream. A PES packet holds several, and the time of the first one
 * alone: what plays between two of those times is told by the packets themselves.
 */
export class SoundLog {
  readonly #codec: SoundCodec;
  readonly #breaks: { atPts90k: number; ticks: number }[] = [];
  #from: number | undefined;
  /** Where the next packet is due. */
  #due = 0;
  #packetTicks = 0;
  /** Of a packet, or of its header, that is not read in full. */
  #rest: Uint8Array = new Uint8Array(0);
  #skip = 0;

  constructor(codec: SoundCodec) {
    this.#codec = codec;
  }

  /** The packet that begins next, in bytes still to come, is shown at `pts90k`. */
  begin(pts90k: number): void {
    if (this.#from === undefined) this.#from = this.#due = pts90k;
    const ticks = ticksBetween(this.#due, pts90k);
    // Half a packet: timestamps are rounded, and no less can be missing.
    if (this.#packetTicks > 0 && Math.abs(ticks) > this.#packetTicks / 2) {
      this.#breaks.push({ atPts90k: this.#due, ticks });
      this.#due = pts90k;
    }
    this.#rest = new Uint8Array(0);
    this.#skip = 0;
  }

  add(payload: Uint8Array): void {
    const skipped = Math.min(this.#skip, payload.length);
    this.#skip -= skipped;
    let bytes = payload.subarray(skipped);
    if (this.#rest.length > 0) bytes = joined(this.#rest, bytes);
    let at = 0;
    while (at + FRAME_HEADER_BYTES <= bytes.length) {
      const frame = readSoundFrame(bytes, at, this.#codec);
      if (frame === undefined) {
        at += 1;
        continue;
      }
      this.#packetTicks = frame.ticks;
      this.#due = (this.#due + frame.ticks) % WRAP;
      at += frame.bytes;
    }
    this.#skip += Math.max(0, at - bytes.length);
    this.#rest = bytes.slice(Math.min(at, bytes.length));
  }

  /** undefined: there was no sound. */
  span(): SoundSpan | undefined {
    if (this.#from === undefined || this.#packetTicks === 0) return undefined;
    return {
      fromPts90k: this.#from,
      toPts90k: this.#due,
      packetTicks: this.#packetTicks,
      breaks: this.#breaks,
    };
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
