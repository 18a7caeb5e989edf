import { createNumberLog, type NumberLog } from "./number-log.ts";
import type { Packet } from "./packet.ts";
import { createPictureSpans, type LongestSpans } from "./picture-spans.ts";
import { createSoundGaps, type SoundGaps } from "./sound-gaps.ts";

/** A hole of more than this in picture and sound alike is closed; a shorter one is shown as it is. */
export const HOLE_MICROS = 5_000_000;
/** Decoding times that ffmpeg has made up for some pictures go back by their rounding; those of sound are off by some packets. */
const BACK_MICROS = { video: 5_000, audio: 200_000 } as const;
/** Two ticks of 90 kHz: the same time, rounded twice. */
const SAME_MICROS = 25;
/** A file with more jumps is told apart no further. */
const MAX_FRAGMENTS = 10_000;
const MAX_DURATIONS = 1_000;

/** Packets of a track that follow each other on the clock without a jump. */
export interface Fragment {
  /** How its clock goes on from the fragment before. `cut`: as it was, though that of the pictures jumped. */
  readonly jump: "start" | "back" | "ahead" | "cut";
  /** From where the next packet was expected. */
  readonly jumpMicros: number;
  /** First and last moment on the clock, as it is read from the file's beginning. */
  startMicros: number;
  endMicros: number;
  packets: number;
  /** Where its first packet, or the unit that it lies in, begins in the file. */
  readonly fromByte: number;
  /** When its first picture that can be decoded by itself is shown; undefined: no packet is marked as one. */
  firstKeyMicros?: number;
  /** Of a picture track: its pictures are [firstPicture, firstPicture + packets) of `pictures`. */
  readonly firstPicture: number;
}

/** What is kept of the packets of one track. */
export interface TrackLog extends LongestSpans, SoundGaps {
  readonly track: number;
  readonly kind: Packet["kind"];
  readonly fragments: readonly Fragment[];
  /** When each picture is shown, in the order of the file; empty for sound. */
  readonly pictures: NumberLog;
  /** Some packets tell only when they are decoded: times are put together of both. */
  readonly isGuessed: boolean;
  /** Packets that tell no time, as all those of raw streams. */
  readonly untimed: number;
  /** The most usual duration of a packet; 0 where the file tells none. */
  readonly packetMicros: number;
  /** Pictures to which ffmpeg gives the time of another one, where the file tells those of some. */
  readonly sharedTimes: number;
}

/** Collects the packets of one track; `add` takes them in the order of the file. */
export function createTrackLog(track: number, kind: Packet["kind"]) {
  const fragments: Fragment[] = [];
  const pictures = createNumberLog();
  /** AVI and MPEG-PS tell when some pictures are shown, and when all are decoded. */
  const decoded = createNumberLog();
  /** How much later the first picture is shown than it is decoded: so much later are all of them, in order. */
  let delayMicros: number | undefined;
  let unshown = 0;
  let untimed = 0;
  const durations = new Map<number, number>();
  const spans = createPictureSpans();
  const gaps = createSoundGaps(() => mostUsual(durations));
  let sharedTimes = 0;
  let lastPosition = 0;
  /** Decoding time of the packet before, and where the next one is expected. */
  let last:
    | { readonly micros: number; readonly nextMicros: number; readonly isTimed: boolean }
    | undefined;
  let isCut = false;

  function jumpTo(micros: number | undefined, isTimed: boolean): Fragment["jump"] | undefined {
    if (fragments.length === 0) return "start";
    // A picture's time of showing goes back and forth: no clock to tell jumps by.
    if (micros === undefined || last === undefined) return undefined;
    if (fragments.length >= MAX_FRAGMENTS) return undefined;
    const areTold = isTimed && last.isTimed;
    // No two pictures are decoded at once, nor is the next one before: a recording follows that overlaps by one. No
    // container rounds as much as a picture lasts, so that any step back is one, however small.
    const largest = kind === "video" && areTold ? -SAME_MICROS : BACK_MICROS[kind];
    if (micros < last.micros - largest) return "back";
    // Times that are made up of durations in ticks drift from those that are told.
    const away = Math.abs(micros - last.micros);
    if (kind === "video" && away <= BACK_MICROS.video && !areTold) sharedTimes += 1;
    if (micros > last.nextMicros + HOLE_MICROS) return "ahead";
    return isCut ? "cut" : undefined;
  }

  return {
    /** The next packet begins a fragment: the clock of the pictures has jumped. */
    cut(): void {
      isCut = true;
    },
    /** Returns how the clock has jumped, if it has. */
    add(packet: Packet): Fragment["jump"] | undefined {
      lastPosition = packet.position ?? lastPosition;
      const { ptsMicros } = packet;
      delayMicros ??= delayOf(packet);
      const { inOrder, shown } = timesOf(packet, delayMicros ?? 0);
      if (packet.isDiscarded) return undefined;
      if (shown === undefined) {
        untimed += 1;
        return undefined;
      }
      const duration = packet.durationMicros ?? 0;
      const clock = packet.dtsMicros ?? (kind === "audio" ? shown : undefined);
      const isTimed = ptsMicros !== undefined;
      const jump = jumpTo(clock, isTimed);
      if (jump !== undefined) {
        const jumpMicros = (clock ?? shown) - (last?.nextMicros ?? clock ?? shown);
        fragments.push({
          ...{ jump, jumpMicros, startMicros: shown, endMicros: shown, packets: 0 },
          ...{ fromByte: lastPosition, firstPicture: pictures.length },
        });
        isCut = false;
      }
      const isGoingOn = jump === undefined || jump === "cut";
      if (isGoingOn && kind === "audio" && last !== undefined) gaps.note(last, shown, duration);
      const fragment = fragments.at(-1);
      if (fragment === undefined) return undefined;
      fragment.packets += 1;
      fragment.startMicros = Math.min(fragment.startMicros, shown);
      if (kind === "video" && ptsMicros === undefined) unshown += 1;
      // The picture that is shown last may be one of those that do not tell.
      const latest = unshown > 0 ? Math.max(shown, inOrder ?? shown) : shown;
      fragment.endMicros = Math.max(fragment.endMicros, latest + duration);
      count(durations, duration);
      if (clock !== undefined) last = { micros: clock, nextMicros: clock + duration, isTimed };
      if (kind === "video") {
        if (packet.isKey) fragment.firstKeyMicros ??= shown;
        pictures.push(shown);
        decoded.push(inOrder ?? shown);
        spans.add(packet, shown, jump !== undefined);
      }
      return jump;
    },
    /** As it is now. */
    log: (): TrackLog => ({
      ...{ track, kind, untimed, sharedTimes },
      ...spans.longest(),
      ...gaps.found(),
      fragments: fragments.map((fragment) => ({ ...fragment })),
      pictures: unshown > 0 ? decoded : pictures,
      isGuessed: unshown > 0,
      packetMicros: mostUsual(durations),
    }),
  };
}

/** How much later a picture is shown than decoded, where the file tells both. */
const delayOf = ({ ptsMicros, dtsMicros }: Packet): number | undefined =>
  ptsMicros === undefined || dtsMicros === undefined
    ? undefined
    : Math.max(0, ptsMicros - dtsMicros);

/** AVI tells the decoding time alone, MPEG-PS that of showing for some, Matroska the other way round. */
function timesOf({ ptsMicros, dtsMicros }: Packet, delayMicros: number) {
  const inOrder = dtsMicros === undefined ? undefined : dtsMicros + delayMicros;
  return { inOrder, shown: ptsMicros ?? inOrder };
}

function count(durations: Map<number, number>, duration: number): void {
  durations.set(duration, (durations.get(duration) ?? 0) + 1);
  if (durations.size > MAX_DURATIONS) durations.clear();
}

function mostUsual(counts: ReadonlyMap<number, number>): number {
  let best = { value: 0, count: 0 };
  for (const [value, count] of counts) if (count > best.count) best = { value, count };
  return best.value;
}
