import { z } from "zod";
import { ffprobe } from "../ffmpeg/ffprobe.ts";

const configsSchema = z.looseObject({
  streams: z.array(z.looseObject({ index: z.int(), extradata: z.string().optional() })).default([]),
});

/** The AudioSpecificConfig of each sound track that has one, by the track's index in the file. */
export async function readSoundConfigs(
  path: string,
  tools: { readonly ffprobe: string },
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Uint8Array>> {
  // Of sound alone: the data of attached fonts would be megabytes.
  const args = [
    ...["-select_streams", "a", "-show_data"],
    ...["-show_entries", "stream=index,extradata"],
  ];
  const { streams } = await ffprobe(configsSchema, path, args, tools, signal);
  return new Map(
    streams.flatMap(({ index, extradata }) =>
      extradata === undefined ? [] : [[index, bytesOfDump(extradata)] as const],
    ),
  );
}

/** The bytes that ffprobe prints as `00000000: 1190 56e5 00   ..V..`, sixteen a line. */
export function bytesOfDump(dump: string): Uint8Array {
  const lines = dump.matchAll(/^[0-9a-f]{8}: ((?:[0-9a-f]{2,4} )+)/gm);
  const hex = [...lines].map(([, digits]) => (digits ?? "").replaceAll(" ", "")).join("");
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

/**
 * Whether the layout is named by its number (ISO/IEC 14496-3, 1.6.3.5). With 0 it stands in a program
 * config element, which MPEG-TS carries in the first packet alone.
 */
export function namesItsLayout(config: Uint8Array): boolean {
  const bits = [...config.subarray(0, 8)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const read = (at: number, length: number): number =>
    Number.parseInt(bits.slice(at, at + length), 2);
  let at = read(0, 5) === 31 ? 11 : 5;
  at += read(at, 4) === 15 ? 28 : 4;
  return bits.length >= at + 4 && read(at, 4) !== 0;
}
