import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { BITS, LEVELS } from "./film-content.ts";

const run = promisify(execFile);

/** What a viewer sees and hears of some segments. */
export interface Watched {
  readonly pictures: readonly { readonly seconds: number; readonly number: number }[];
  /** Largest distance of a level, luma or chroma, from what the film has. */
  readonly colourError: number;
  /** When beeps begin. */
  readonly beeps: readonly number[];
  /** From and to; undefined: no sound. */
  readonly sound: readonly [number, number] | undefined;
  /** Where sound is missing or goes back, and by how much. */
  readonly soundJumps: readonly { readonly seconds: number; readonly by: number }[];
  /** What the decoder complained about. */
  readonly complaints: readonly string[];
}

const COMPLAINT = /error|corrupt|invalid|concealing|missing/i;
const SAMPLE_RATE = 48_000;
const LOUD = 0.1;
/** Sound is quiet for so long before a beep. */
const QUIET_SECONDS = 0.2;
/** Half a packet of AAC: what no viewer hears. */
const SMALLEST_JUMP_SECONDS = 0.012;

/** Decodes segments as one stream, or one of them alone. */
export async function watch(
  segments: readonly string[],
  size: { readonly width: number; readonly height: number },
  hasSound: boolean,
): Promise<Watched> {
  const [first = ""] = segments;
  const joined = `${first}.joined`;
  await writeFile(joined, Buffer.concat(await Promise.all(segments.map((path) => readFile(path)))));
  const { stderr } = await run(
    "ffmpeg",
    [
      ...["-nostdin", "-hide_banner", "-nostats", "-y", "-copyts", "-threads", "1", "-i", joined],
      ...["-map", "0:v", "-vf", "showinfo=checksum=0", "-fps_mode", "passthrough"],
      // As they are coded: of full range they are not to become limited.
      ...["-f", "rawvideo", `${joined}.yuv`],
      ...(hasSound
        ? [
            ...["-map", "0:a", "-af", `aformat=flt:${SAMPLE_RATE}:mono,ashowinfo`],
            ...["-f", "f32le", `${joined}.pcm`],
          ]
        : []),
    ],
    { maxBuffer: 64 * 1024 * 1024, timeout: 240_000 },
  );
  const raw = await readFile(`${joined}.yuv`);
  const bytes = (size.width * size.height * 3) / 2;
  const times = timesOf(stderr, "showinfo");
  const seen = times.map(({ seconds }, i) => ({
    seconds,
    ...readPicture(raw.subarray(i * bytes, (i + 1) * bytes), size),
  }));
  const sound = hasSound ? await readFile(`${joined}.pcm`) : Buffer.alloc(0);
  await Promise.all(["", ".yuv", ".pcm"].map((end) => rm(`${joined}${end}`, { force: true })));
  return {
    pictures: seen.map(({ seconds, number }) => ({ seconds, number })),
    colourError: Math.max(0, ...seen.map(({ error }) => error)),
    ...listen(sound, timesOf(stderr, "ashowinfo")),
    complaints: stderr
      .split("\n")
      .filter((line) => /^\[(h264|aac|mpegts)/.test(line) && COMPLAINT.test(line)),
  };
}

/** Times of decoded pictures or blocks of sound, and how many samples those have. */
const timesOf = (stderr: string, filter: string): { seconds: number; samples: number }[] =>
  [
    ...stderr.matchAll(
      new RegExp(
        `\\[Parsed_${filter}_\\d+ @ \\w+\\] n: *\\d+ .*?pts_time: *(\\S+)(?:.*nb_samples:(\\d+))?`,
        "g",
      ),
    ),
  ].map(([, seconds, samples]) => ({ seconds: Number(seconds), samples: Number(samples ?? 0) }));

/** The number in a picture's bits, and how far its levels are from those that were painted. */
function readPicture(
  picture: Buffer,
  { width, height }: { width: number; height: number },
): { number: number; error: number } {
  let number = 0;
  let error = 0;
  const note = (got: number, wanted: number): void =>
    void (error = Math.max(error, Math.abs(got - wanted)));
  const [columns, rows] = [BITS.columns, BITS.rows];
  for (let bit = 0; bit < columns * rows; bit += 1) {
    const x = Math.floor((((bit % columns) + 0.5) * width) / columns);
    const y = Math.floor(((Math.floor(bit / columns) + 0.5) * height) / rows);
    const level = picture[y * width + x] ?? 0;
    const isOne = level > (LEVELS.zero + LEVELS.one) / 2;
    if (isOne) number += 2 ** bit;
    note(level, isOne ? LEVELS.one : LEVELS.zero);
    const chroma = Math.floor(y / 2) * (width / 2) + Math.floor(x / 2);
    note(picture[width * height + chroma] ?? 0, LEVELS.blue);
    note(picture[(width * height * 5) / 4 + chroma] ?? 0, LEVELS.red);
  }
  return { number, error };
}

function listen(
  pcm: Buffer,
  blocks: readonly { readonly seconds: number; readonly samples: number }[],
): Pick<Watched, "beeps" | "sound" | "soundJumps"> {
  const [first] = blocks;
  if (first === undefined) return { beeps: [], sound: undefined, soundJumps: [] };
  const beeps: number[] = [];
  const soundJumps: { seconds: number; by: number }[] = [];
  let lastLoud = Number.NEGATIVE_INFINITY;
  let end = first.seconds;
  let at = 0;
  for (const { seconds, samples } of blocks) {
    if (Math.abs(seconds - end) > SMALLEST_JUMP_SECONDS)
      soundJumps.push({ seconds: end, by: seconds - end });
    end = seconds + samples / SAMPLE_RATE;
    for (let i = 0; i < samples && at < pcm.length; i += 1, at += 4) {
      if (Math.abs(pcm.readFloatLE(at)) <= LOUD) continue;
      const now = seconds + i / SAMPLE_RATE;
      if (now - lastLoud > QUIET_SECONDS) beeps.push(now);
      lastLoud = now;
    }
  }
  return { beeps, sound: [first.seconds, end], soundJumps };
}
