import { setImmediate as turnOfOthers } from "node:timers/promises";
import {
  MOST_PLACES,
  readAll,
  STEPS_AT_ONCE,
  type KeyFrameIndex,
  type ReadBytes,
} from "./key-frame-index.ts";

/** Size, name and, where the size is 1, a size of 8 bytes. */
const HEADER_BYTES = 16;
/** Boxes beside `moov` and `mdat` are few; a file of fragments has thousands. */
const MOST_BOXES = 64;
/** Boxes inside one box; `moov` has one for each track. Further ones are not read. */
const MOST_INSIDE = 512;

/**
 * The key frames of track `track` (counted from 0, as ffmpeg does) by the tables of an MP4 or MOV (ISO/IEC 14496-12). Undefined where it is in
 * fragments, where every picture is one, or where its edit list is more than a shift.
 */
export async function mp4KeyFrames(
  read: ReadBytes,
  track: number,
): Promise<KeyFrameIndex | undefined> {
  const moov = await findMoov(read);
  if (moov === undefined || boxIn(moov, "mvex") !== undefined) return undefined;
  const trak = boxes(moov).filter(({ name }) => name === "trak")[track]?.bytes;
  const handler = boxIn(trak, "mdia", "hdlr");
  const scale = timescaleOf(boxIn(trak, "mdia", "mdhd"));
  const shift = shiftOf(boxIn(trak, "edts", "elst"), {
    movieScale: timescaleOf(boxIn(moov, "mvhd")),
    scale,
  });
  const table = boxIn(trak, "mdia", "minf", "stbl");
  if (textAt(handler, 8) !== "vide" || !(scale > 0) || shift === undefined) return undefined;
  const found = await keyFramesOf(table);
  return (
    found && {
      micros: found.times.map((time) => Math.round(((time + shift) * 1e6) / scale)),
      bytes: found.bytes,
    }
  );
}

async function findMoov(read: ReadBytes): Promise<Uint8Array | undefined> {
  let at = 0;
  for (let n = 0; n < MOST_BOXES; n++) {
    const header = await read({ start: at, length: HEADER_BYTES });
    const box = boxAt(header, 0);
    if (box === undefined) return undefined;
    const { name, headerBytes, size } = box;
    if (name === "moov") {
      return await readAll(read, { start: at + headerBytes, length: size - headerBytes });
    }
    if (name === "moof" || !Number.isSafeInteger(at + size)) return undefined;
    at += size;
  }
  return undefined;
}

/** By how much pictures are shown later than their samples say, in units of the track; undefined: it is no mere shift. */
function shiftOf(
  elst: Uint8Array | undefined,
  { movieScale, scale }: { readonly movieScale: number; readonly scale: number },
): number | undefined {
  if (elst === undefined) return 0;
  const is64 = elst[0] === 1;
  const words = is64 ? 20 : 12;
  const count = Math.min(MOST_BOXES, uint32(elst, 4));
  let emptySeconds = 0;
  for (let n = 0; n < count; n++) {
    const at = 8 + n * words;
    if (at + words > elst.length) return undefined;
    const duration = is64 ? uint64(elst, at) : uint32(elst, at);
    const begin = is64 ? uint64(elst, at + 8) : uint32(elst, at + 4);
    const isEmpty = is64 ? begin > Number.MAX_SAFE_INTEGER : begin === 0xff_ff_ff_ff;
    if (!isEmpty) {
      const isLast = n === count - 1 && uint32(elst, at + words - 4) === 0x1_00_00;
      return isLast ? Math.round(emptySeconds * scale) - begin : undefined;
    }
    emptySeconds += movieScale > 0 ? duration / movieScale : 0;
  }
  return undefined;
}

/** When the key frames of a sample table are shown, and the bytes up to the next one. */
async function keyFramesOf(table: Uint8Array | undefined) {
  const [stss, stts, stsz] = ["stss", "stts", "stsz"].map((name) => boxIn(table, name));
  if (stss === undefined || stts === undefined || stsz === undefined) return undefined;
  const samples = uint32(stsz, 8);
  const usual = uint32(stsz, 4);
  // Each sample has a size of its own, or all have one: then no table bounds their number.
  if (usual !== 0 || 12 + 4 * samples > stsz.length) return undefined;
  const keys = uint32(stss, 4);
  if (keys > MOST_PLACES || 8 + 4 * keys > stss.length) return undefined;
  const decoded = runs(stts);
  const later = runs(boxIn(table, "ctts"));
  const found: { time: number; bytes: number }[] = [];
  let nextKey = 0;
  let time = 0;
  for (let sample = 0; sample < samples; sample++) {
    if (sample % STEPS_AT_ONCE === 0) await turnOfOthers();
    const composed = time + (later.next() | 0);
    time += decoded.next();
    if (nextKey < keys && uint32(stss, 8 + 4 * nextKey) === sample + 1) {
      found.push({ time: composed, bytes: 0 });
      nextKey += 1;
    }
    const last = found.at(-1);
    if (last !== undefined) last.bytes += uint32(stsz, 12 + 4 * sample);
  }
  found.sort((a, b) => a.time - b.time);
  return { times: found.map((each) => each.time), bytes: found.map((each) => each.bytes) };
}

/** A table of "so many samples have this value", sample by sample; 0 where it ends. */
function runs(table: Uint8Array | undefined): { next: () => number } {
  const count = table === undefined ? 0 : uint32(table, 4);
  let entry = -1;
  let left = 0;
  let value = 0;
  return {
    next() {
      while (left === 0) {
        entry += 1;
        const at = 8 + 8 * entry;
        if (table === undefined || entry >= count || at + 8 > table.length) return 0;
        left = uint32(table, at);
        value = uint32(table, at + 4);
      }
      left -= 1;
      return value;
    },
  };
}

/** Units a second, of `mvhd` and `mdhd`: both have two times before it. */
const timescaleOf = (header: Uint8Array | undefined): number =>
  header === undefined ? 0 : uint32(header, header[0] === 1 ? 20 : 12);

interface Box {
  readonly name: string;
  readonly headerBytes: number;
  readonly size: number;
}

function boxAt(bytes: Uint8Array, at: number): Box | undefined {
  if (at + 8 > bytes.length) return undefined;
  const told = uint32(bytes, at);
  const isLarge = told === 1;
  if (isLarge && at + HEADER_BYTES > bytes.length) return undefined;
  const headerBytes = isLarge ? HEADER_BYTES : 8;
  // 0: up to the end of the file.
  const size = isLarge ? uint64(bytes, at + 8) : told === 0 ? Infinity : told;
  return size < headerBytes ? undefined : { name: textAt(bytes, at + 4), headerBytes, size };
}

function boxes(bytes: Uint8Array): readonly { name: string; bytes: Uint8Array }[] {
  const found: { name: string; bytes: Uint8Array }[] = [];
  for (let at = 0; at < bytes.length && found.length < MOST_INSIDE;) {
    const box = boxAt(bytes, at);
    if (box === undefined || at + box.size > bytes.length) break;
    found.push({ name: box.name, bytes: bytes.subarray(at + box.headerBytes, at + box.size) });
    at += box.size;
  }
  return found;
}

/** The first box at the end of this path. */
const boxIn = (bytes: Uint8Array | undefined, ...path: string[]): Uint8Array | undefined =>
  path.reduce<Uint8Array | undefined>(
    (inside, wanted) => inside && boxes(inside).find(({ name }) => name === wanted)?.bytes,
    bytes,
  );

/** 0 past the end. */
function uint32(bytes: Uint8Array, at: number): number {
  const low = ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  return (bytes[at] ?? 0) * 2 ** 24 + low;
}

const uint64 = (bytes: Uint8Array, at: number): number =>
  uint32(bytes, at) * 2 ** 32 + uint32(bytes, at + 4);

const textAt = (bytes: Uint8Array | undefined, at: number): string =>
  String.fromCharCode(...(bytes ?? new Uint8Array()).subarray(at, at + 4));
