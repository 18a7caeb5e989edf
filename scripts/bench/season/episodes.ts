import { join } from "node:path";
import { chanceOf } from "./sounds.ts";

interface Stretch {
  /** Seconds. */
  readonly start: number;
  readonly end: number;
}

/** What an episode is made of; times are those of the film, before it is sped up. */
export interface Episode {
  readonly number: number;
  readonly seconds: number;
  /** Sounds of the episode before it at its beginning, and how long. */
  readonly recapSeconds: number;
  readonly intro: Stretch | undefined;
  readonly credits: Stretch;
  /** The credits have the music of the intro. */
  readonly hasOneTheme: boolean;
  /** Somebody talks over the intro: all the time, or at its beginning and end. */
  readonly talk: "none" | "ends" | "throughout";
  readonly isBlackInCredits: boolean;
  /** 25/24 for one that was made for 25 pictures a second. */
  readonly speed: number;
  readonly gain: number;
  /** ffmpeg arguments. */
  readonly codec: readonly string[];
  readonly extension: string;
}

/** Where an episode is, the next time, too. */
export const episodePath = (folder: string, { number, extension }: Episode): string =>
  join(folder, `Made - S01E${String(number).padStart(2, "0")}.${extension}`);

export const INTRO_SECONDS = 38;
export const CREDITS_SECONDS = 31;
const PAL = 25 / 24;
const CODECS = [
  { extension: "mkv", codec: ["-c:a", "aac", "-b:a", "96k"] },
  { extension: "mkv", codec: ["-c:a", "libmp3lame", "-b:a", "128k", "-ac", "2"] },
  { extension: "mkv", codec: ["-c:a", "ac3", "-b:a", "160k", "-ac", "2"] },
  { extension: "mkv", codec: ["-c:a", "libopus", "-b:a", "48k"] },
  { extension: "mkv", codec: ["-c:a", "libvorbis", "-q:a", "2"] },
  { extension: "mp4", codec: ["-c:a", "aac", "-b:a", "48k", "-ar", "32000"] },
] as const;

/** A season of 24 episodes of about 22 minutes with all that makes intros hard to find. */
export function planSeason(): readonly Episode[] {
  const chance = chanceOf(20);
  return Array.from({ length: 24 }, (_, n): Episode => {
    const seconds = 1_320 + Math.round(60 * chance() - 30);
    const recapSeconds = n % 4 === 3 ? 22 : 0;
    const cold = recapSeconds + (chance() < 0.3 ? 0 : 15 + 170 * chance());
    const start = n === 9 ? 240 : cold;
    const length = n === 12 ? 21 : INTRO_SECONDS;
    const scene = n % 4 === 2 ? 14 + 16 * chance() : n % 4 === 0 ? 0 : 1 + 3 * chance();
    const end = seconds - scene;
    return {
      ...{ number: n + 1, seconds, recapSeconds },
      intro: n === 5 ? undefined : { start, end: start + length },
      credits: { start: end - CREDITS_SECONDS, end },
      hasOneTheme: n === 7,
      talk: n === 20 ? "throughout" : n % 3 === 1 ? "ends" : "none",
      isBlackInCredits: n % 2 === 1,
      speed: (n >= 15 && n <= 18) || n === 22 ? PAL : 1,
      gain: 10 ** ((-12 * chance()) / 20),
      ...(CODECS[n % CODECS.length] as (typeof CODECS)[number]),
    };
  });
}
