import type { Random } from "@upreel/testkit";
import type { FilmSpec, Pace, PieceSpec } from "./film-spec.ts";

type Choices<T = string> = readonly [T, ...T[]];
const CONTAINERS: Choices<FilmSpec["container"]> = [
  "mp4",
  "mp4",
  "mkv",
  "mkv",
  "mov",
  "ts",
  "ts",
  "ts",
  "vob",
  "avi",
];
const RATES: Choices = [
  "12",
  "15",
  "16",
  "24000/1001",
  "24",
  "25",
  "30000/1001",
  "30",
  "48",
  "50",
  "60",
];
/** Those that MPEG-2 knows. */
const MPEG_RATES: Choices = ["24000/1001", "24", "25", "30000/1001", "30", "50", "60"];
/** Faster ones ffmpeg begins with a gap. */
const AVI_RATES: Choices = ["12", "15", "16", "24000/1001", "25", "30000/1001"];
const SOUNDS = {
  mp4: ["aac", "ac3", "libmp3lame", "none"],
  mov: ["aac", "pcm_s16le", "none"],
  mkv: ["aac", "ac3", "libmp3lame", "flac", "libopus", "pcm_s16le", "none"],
  ts: ["aac", "ac3", "mp2", "none"],
  vob: ["mp2", "ac3"],
  avi: ["libmp3lame", "pcm_s16le", "ac3", "none"],
} as const satisfies Record<FilmSpec["container"], readonly [string, ...string[]]>;
const SIZE = { width: 64, height: 48 };

/** One film by chance; the same for the same `random`. */
export function randomFilm(random: Random): FilmSpec {
  const { pick, chance, between } = tools(random);
  const container = pick(CONTAINERS);
  const codec = container === "vob" ? "mpeg2video" : container === "avi" ? "mpeg4" : "libx264";
  // Sound in an AVI has no times: it follows what was before it.
  const isTimed = container !== "avi";
  const isPlain = codec !== "libx264";
  const seconds = between(2.2, 5);
  const soundCodec = pick<string>(SOUNDS[container]);
  const isJoined = container === "ts" && chance(0.5);
  const pace: Pace = isPlain
    ? { kind: "constant", rate: pick(codec === "mpeg2video" ? MPEG_RATES : AVI_RATES) }
    : paceOf(random, isJoined);
  const pieces =
    isJoined && pace.kind === "constant"
      ? joined(random, pace.rate)
      : [single(random, container, seconds)];
  return {
    container,
    codec,
    pace,
    pieces,
    sound:
      soundCodec === "none"
        ? undefined
        : {
            codec: soundCodec,
            sampleRate: soundCodec === "libopus" || chance(0.7) ? 48_000 : 44_100,
            lateSeconds: isTimed && !isJoined && chance(0.25) ? between(0.1, 0.9) : 0,
            longerSeconds: !isJoined && chance(0.3) ? between(-0.9, 0.9) : 0,
            // A VOB packs several packets under one time.
            hole:
              isTimed && container !== "vob" && chance(0.2) ? holeIn(random, seconds) : undefined,
          },
    hole: !isPlain && chance(0.2) ? holeIn(random, seconds) : undefined,
    keyFrameEvery: pick(isPlain ? [12, 25, 50] : [1, 12, 25, 50, 250]),
    bFrames: isPlain ? 0 : pick([0, 0, 2, 3]),
    range: codec === "libx264" && chance(0.2) ? "pc" : "tv",
    matrix: pick(["bt709", "smpte170m", "bt470bg"]),
    extras: extrasOf(random, container),
  };
}

function tools(random: Random) {
  return {
    pick: <T>(from: Choices<T>): T => random.pick(from) ?? from[0],
    chance: (share: number): boolean => random.next() < share,
    /** Of a hundredth of a second. */
    between: (low: number, high: number): number =>
      Math.round(100 * (low + (high - low) * random.next())) / 100,
  };
}

function paceOf(random: Random, isJoined: boolean): Pace {
  const { pick, chance, between } = tools(random);
  const rate = pick(RATES);
  if (isJoined || chance(0.5)) return { kind: "constant", rate };
  if (chance(0.4)) return { kind: "gaps", rate, every: Math.round(between(3, 9)) };
  if (chance(0.3)) return { kind: "telecine" };
  const first = pick([6, 8, 12, 24]);
  return {
    kind: "change",
    first,
    next: pick([24, 30, 60]),
    count: Math.round(first * between(1, 2)),
  };
}

const CHANNELS: Choices<number> = [1, 2, 2, 2, 6];

function single(random: Random, container: string, seconds: number): PieceSpec {
  const { pick, chance, between } = tools(random);
  const mayBeginLater = container !== "avi" && container !== "mov";
  const clockSeconds = mayBeginLater && chance(0.4) ? between(0, 30) : 0;
  return { seconds, clockSeconds, ...SIZE, channels: pick(CHANNELS) };
}

/** Recordings whose clocks go on, begin anew, go ahead or back; of whole pictures each. */
function joined(random: Random, rate: string): PieceSpec[] {
  const { pick, chance, between } = tools(random);
  const [num = 0, den = 1] = rate.split("/").map(Number);
  const whole = (seconds: number): number => (Math.round((seconds * num) / den) * den) / num;
  let clock = chance(0.4) ? between(0, 30) : 0;
  let size = SIZE;
  let channels = pick(CHANNELS);
  return Array.from({ length: pick([2, 2, 3]) }, () => {
    const piece = { seconds: whole(between(1.5, 3)), clockSeconds: clock, ...size, channels };
    const goesOn = clock + piece.seconds;
    clock = pick([goesOn, goesOn, 0, goesOn + 1000, Math.max(0, goesOn - 7)]);
    if (chance(0.3)) size = { width: 2 * SIZE.width, height: 2 * SIZE.height };
    if (chance(0.3)) channels = pick(CHANNELS);
    return piece;
  });
}

function holeIn(random: Random, seconds: number): readonly [number, number] {
  const { between } = tools(random);
  const from = between(0.6, seconds - 1.2);
  return [from, Math.round(100 * (from + between(0.1, 0.6))) / 100];
}

function extrasOf(random: Random, container: string): FilmSpec["extras"] {
  const { chance } = tools(random);
  const mayHave = container === "mp4" || container === "mkv";
  return [
    ...(mayHave && chance(0.15) ? (["cover"] as const) : []),
    ...(mayHave && chance(0.15) ? (["subtitles"] as const) : []),
    ...(mayHave && chance(0.15) ? (["second sound"] as const) : []),
  ];
}
