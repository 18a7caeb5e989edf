import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeClip, type Random } from "@upreel/testkit";

export interface Sample {
  readonly name: string;
  readonly bytes: Buffer;
}

const CLIP = { width: 64, height: 48, rate: 25, seconds: 1 } as const;
const KINDS: readonly (readonly [name: string, codec: string, more?: readonly string[]])[] = [
  ["film.mp4", "libx264"],
  ["fragments.mp4", "libx264", ["-movflags", "+frag_keyframe+empty_moov"]],
  ["film.mov", "mpeg4"],
  ["film.mkv", "libx264"],
  ["film.webm", "libvpx"],
  ["film.avi", "mpeg4"],
  ["film.ts", "libx264"],
  ["film.vob", "mpeg2video"],
  ["film.flv", "flv"],
  ["film.wmv", "wmv2"],
  ["film.nut", "mpeg4"],
  ["film.m4v", "mpeg4"],
];

/** Small films of many containers. */
export async function makeSamples(folder: string): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const [name, codec, more = []] of KINDS) {
    const isRaw = name.endsWith(".m4v");
    const sound = isRaw ? false : soundOf(name);
    const path = await makeClip(join(folder, name), {
      ...{ ...CLIP, codec, extraArgs: isRaw ? ["-f", "m4v"] : more },
      ...(sound === undefined ? {} : { audio: sound }),
    });
    samples.push({ name, bytes: await readFile(path) });
  }
  return samples;
}

function soundOf(name: string): { readonly codec: string } | false | undefined {
  if (name.endsWith(".webm")) return false;
  if (/\.(vob|avi|wmv|nut)$/.test(name)) return { codec: "mp2" };
  return name.endsWith(".flv") ? false : undefined;
}

/** Values that lengths, counts and rates are wrong with. */
const ODD_NUMBERS = [
  0, 1, 0x7f_ff_ff_ff, 0x80_00_00_00, 0xff_ff_ff_ff, 0xff_ff, 1_000_000, 0x10_00_00,
];
/** Headers are at the beginning; the index of MP4 and AVI is at the end. */
const HEADER_BYTES = 2048;

/** Damages a copy in one to eight places; `what` says how. */
export function mutate(original: Buffer, random: Random): { bytes: Buffer; what: string } {
  const whole = (below: number): number => Math.floor(random.next() * below);
  let bytes: Buffer = Buffer.from(original);
  const done: string[] = [];
  const place = (): number => {
    const near = Math.min(bytes.length, HEADER_BYTES);
    const where = random.next();
    if (where < 0.6) return whole(near);
    return where < 0.85 ? bytes.length - 1 - whole(near) : whole(bytes.length);
  };
  for (let n = 1 + whole(8); n > 0 && bytes.length > 16; n -= 1) {
    const at = place();
    const kind = random.next();
    if (kind < 0.45) {
      bytes[at] = whole(256);
      done.push(`byte ${at}`);
    } else if (kind < 0.8) {
      const value = random.pick(ODD_NUMBERS) ?? 0;
      const from = Math.min(at, bytes.length - 4);
      if (random.next() < 0.5) bytes.writeUInt32BE(value, from);
      else bytes.writeUInt32LE(value, from);
      done.push(`${value} at ${from}`);
    } else if (kind < 0.9) {
      const length = 1 + whole(64);
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
      done.push(`${length} cut at ${at}`);
    } else if (kind < 0.97) {
      const again = bytes.subarray(at, at + 1 + whole(256));
      bytes = Buffer.concat([bytes.subarray(0, at), again, bytes.subarray(at)]);
      done.push(`${again.length} twice at ${at}`);
    } else {
      bytes = Buffer.from(bytes.subarray(0, Math.max(16, at)));
      done.push(`ends at ${at}`);
    }
  }
  return { bytes, what: done.join(", ") };
}
