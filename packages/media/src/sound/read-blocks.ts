import type { Readable } from "node:stream";

/** What ffmpeg decoded: samples, and where the first of them is on the clock of the source. */
export interface DecodedBlock {
  /** In samples. */
  readonly pts: number;
  readonly samples: Buffer;
}

/**
 * Puts together what ffmpeg's tee muxer wrote to two pipes: `times` as `-f framecrc` writes it, a line
 * for each packet, and `samples` as raw bytes. Ends where either of them ends.
 */
export async function* readBlocks(
  times: Readable,
  samples: Readable,
  sampleRate: number,
): AsyncGenerator<DecodedBlock> {
  const take = byteReader(samples);
  let samplesPerTick = 1;
  for await (const line of lines(times)) {
    const timeBase = /^#tb 0: (\d+)\/(\d+)/.exec(line);
    if (timeBase !== null) {
      samplesPerTick = (Number(timeBase[1]) * sampleRate) / Number(timeBase[2]);
    }
    // Stream, DTS, PTS, duration, bytes, checksum.
    const packet = /^0,\s*-?\d+,\s*(-?\d+),\s*\d+,\s*(\d+),/.exec(line);
    if (packet === null) continue;
    const block = await take(Number(packet[2]));
    if (block === undefined) return;
    yield { pts: Number(packet[1]) * samplesPerTick, samples: block };
  }
}

async function* lines(stream: Readable): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + String(chunk)).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
}

/** Takes so many bytes; undefined when the stream ends before. */
function byteReader(stream: Readable): (bytes: number) => Promise<Buffer | undefined> {
  const chunks = stream[Symbol.asyncIterator]();
  let kept: Buffer = Buffer.alloc(0);
  return async (bytes) => {
    const parts: Buffer[] = [kept];
    let length = kept.length;
    while (length < bytes) {
      const next = await chunks.next();
      if (next.done === true) return undefined;
      const chunk = next.value as Buffer;
      parts.push(chunk);
      length += chunk.length;
    }
    const all = parts.length === 1 ? kept : Buffer.concat(parts, length);
    kept = all.subarray(bytes);
    return all.subarray(0, bytes);
  };
}
