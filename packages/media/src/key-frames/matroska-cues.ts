import { setImmediate as turnOfOthers } from "node:timers/promises";
import { MOST_PLACES, readAll, type KeyFrameIndex, type ReadBytes } from "./key-frame-index.ts";

/** Elements of Matroska (RFC 9559), by their ids. */
const SEGMENT = 0x18538067;
const SEEK_HEAD = 0x114d9b74;
const SEEK = 0x4dbb;
const SEEK_ID = 0x53ab;
const SEEK_POSITION = 0x53ac;
const SEGMENT_INFO = 0x1549a966;
const TIMESTAMP_SCALE = 0x2ad7b1;
const TRACKS = 0x1654ae6b;
const TRACK_ENTRY = 0xae;
const TRACK_NUMBER = 0xd7;
const TRACK_TYPE = 0x83;
const CLUSTER = 0x1f43b675;
const CUES = 0x1c53bb6b;
const CUE_POINT = 0xbb;
const CUE_TIME = 0xb3;
const CUE_POSITIONS = 0xb7;
const CUE_TRACK = 0xf7;
const CUE_CLUSTER = 0xf1;
const CUE_INSIDE = 0xf0;

const TYPE_VIDEO = 1;
const USUAL_SCALE_NS = 1_000_000;
/** An id has up to 4 bytes, a size up to 8. */
const LONGEST_HEADER = 12;
/** Elements before the first pictures: tags and fonts may be there, too. */
const MOST_ELEMENTS = 64;
/** How many elements are read inside another one, unless said otherwise: files have about twenty. Further ones are not looked at. */
const MOST_CHILDREN = 64;
const MOST_TRACKS = 256;
/** Each of them has a hundred bytes at most, as a rule. */
const MOST_CUE_BYTES = 8 * 1024 * 1024;
/** After so many elements other work has its turn. */
const POINTS_AT_ONCE = 100;

interface Element {
  readonly id: number;
  /** Where its contents begin, and how long they are; Infinity: not told. */
  readonly start: number;
  readonly length: number;
}

/**
 * The cues of a Matroska file: what players seek by. Undefined where it has none, where they are of no use, or where it has more than
 * one track of pictures.
 */
export async function matroskaCues(read: ReadBytes): Promise<KeyFrameIndex | undefined> {
  const tops = await topElements(read);
  const [info, tracks, cues] = await Promise.all(
    [SEGMENT_INFO, TRACKS, CUES].map(async (id) => {
      const place = tops.found.get(id);
      return place && (await readAll(read, place));
    }),
  );
  if (tracks === undefined || cues === undefined || cues.length > MOST_CUE_BYTES) return undefined;
  const scaleNs = info === undefined ? USUAL_SCALE_NS : numberIn(info, TIMESTAMP_SCALE);
  const pictures = children(tracks, MOST_TRACKS).filter(
    ({ id, bytes }) => id === TRACK_ENTRY && numberIn(bytes, TRACK_TYPE) === TYPE_VIDEO,
  );
  const track = pictures[0] && numberIn(pictures[0].bytes, TRACK_NUMBER);
  if (pictures.length !== 1 || track === undefined) return undefined;
  const points: ReturnType<typeof pointsOf>[number][] = [];
  for (const [n, { id, bytes }] of children(cues, MOST_PLACES).entries()) {
    if (n % POINTS_AT_ONCE === 0) await turnOfOthers();
    if (id === CUE_POINT) points.push(...pointsOf(bytes, track));
  }
  points.sort((a, b) => a.time - b.time);
  return {
    micros: points.map(({ time }) => Math.round((time * (scaleNs ?? USUAL_SCALE_NS)) / 1_000)),
    bytes: points.map(({ at }, n) => Math.max(0, (points[n + 1]?.at ?? at) - at)),
  };
}

/** A place to enter this track, in the file's own units. */
function pointsOf(point: Uint8Array, track: number): { time: number; at: number }[] {
  const time = numberIn(point, CUE_TIME);
  return children(point).flatMap(({ id, bytes }) => {
    const isOurs = id === CUE_POSITIONS && numberIn(bytes, CUE_TRACK) === track;
    const cluster = isOurs ? numberIn(bytes, CUE_CLUSTER) : undefined;
    if (time === undefined || cluster === undefined) return [];
    return [{ time, at: cluster + (numberIn(bytes, CUE_INSIDE) ?? 0) }];
  });
}

/** Where what describes the film lies: before its first pictures, or where the beginning points to. */
async function topElements(read: ReadBytes): Promise<{ readonly found: Map<number, Element> }> {
  const found = new Map<number, Element>();
  const headerAt = async (at: number): Promise<Element | undefined> =>
    Number.isSafeInteger(at)
      ? elementAt(await read({ start: at, length: LONGEST_HEADER }), at)
      : undefined;
  const head = await headerAt(0);
  const segment = head && (await headerAt(head.start + head.length));
  if (segment?.id !== SEGMENT) return { found };
  let at = segment.start;
  for (let n = 0; n < MOST_ELEMENTS; n++) {
    const element = await headerAt(at);
    if (element === undefined || element.id === CLUSTER) break;
    found.set(element.id, element);
    at = element.start + element.length;
  }
  const seekHead = found.get(SEEK_HEAD);
  for (const { id, bytes } of children(seekHead && (await readAll(read, seekHead)))) {
    if (id !== SEEK) continue;
    const wanted = numberIn(bytes, SEEK_ID);
    const position = numberIn(bytes, SEEK_POSITION);
    if (wanted !== CUES || position === undefined || found.has(CUES)) continue;
    const element = await headerAt(segment.start + position);
    if (element?.id === CUES) found.set(CUES, element);
  }
  return { found };
}

/** The element whose header `bytes` begins with; `at`: where that lies in the file. */
function elementAt(bytes: Uint8Array, at: number): Element | undefined {
  const id = variableNumber(bytes, 0, { most: 4, keepsMarker: true });
  const size = id && variableNumber(bytes, id.length, { most: 8, keepsMarker: false });
  if (id === undefined || size === undefined) return undefined;
  return { id: id.value, start: at + id.length + size.length, length: size.value };
}

/** A number of variable length: the zeros that its first byte begins with say how many bytes it has. */
function variableNumber(
  bytes: Uint8Array,
  at: number,
  { most, keepsMarker }: { readonly most: number; readonly keepsMarker: boolean },
): { readonly value: number; readonly length: number } | undefined {
  const first = bytes[at] ?? 0;
  const length = Math.clz32(first) - 23;
  if (length > most || at + length > bytes.length) return undefined;
  const marker = 0x80 >> (length - 1);
  const all = [keepsMarker ? first : first ^ marker, ...bytes.subarray(at + 1, at + length)];
  const isUnknown = !keepsMarker && all.every((byte, n) => byte === (n === 0 ? marker - 1 : 0xff));
  const value = isUnknown ? Infinity : all.reduce((sum, byte) => sum * 256 + byte, 0);
  return { value, length };
}

interface Child {
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** The first `most` elements in another one, as far as they are whole. */
function children(bytes: Uint8Array = new Uint8Array(), most = MOST_CHILDREN): readonly Child[] {
  const found: Child[] = [];
  for (let at = 0; at < bytes.length && found.length < most;) {
    const element = elementAt(bytes.subarray(at, at + LONGEST_HEADER), at);
    if (element === undefined || element.start + element.length > bytes.length) break;
    at = element.start + element.length;
    found.push({ id: element.id, bytes: bytes.subarray(element.start, at) });
  }
  return found;
}

/** The unsigned number in the first child of this id. */
function numberIn(bytes: Uint8Array, wanted: number): number | undefined {
  const child = children(bytes).find(({ id }) => id === wanted);
  if (child === undefined || child.bytes.length > 8) return undefined;
  const value = child.bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.isSafeInteger(value) ? value : undefined;
}
