import { statSync } from "node:fs";
import { toUpreelError } from "@upreel/core";
import type { Cartridge } from "../cartridge-file.ts";
import { readHlsCommand, segmentFile, type HlsCommand } from "../command/hls-command.ts";
import {
  plainArguments,
  upscaledArguments,
  type PictureSize,
} from "../command/upscaled-arguments.ts";
import { feedPictures, tryAgain } from "./feed-pictures.ts";
import { openFilm, type GatewayFilm } from "./gateway-film.ts";
import type { PlayerKeys } from "./player-keys.ts";
import { startFfmpeg, type FfmpegEnd, type RealFfmpeg } from "./real-ffmpeg.ts";
import type { SessionRecord } from "./session-record.ts";

/** `original`: nothing that a player could have is there yet, and Jellyfin's own command is to be run. */
export type Ending = "original" | "done";

export interface Player {
  readonly keys: PlayerKeys;
  /** Jellyfin reads the progress there. */
  readonly stderr: NodeJS.WritableStream;
  /** Somebody ends the cartridge by a signal. */
  readonly stopped: AbortSignal;
}

interface Transcode extends Player {
  readonly command: HlsCommand;
  readonly cartridge: Cartridge;
  readonly session: SessionRecord;
  /** Segments that are older are left of another order for the same film. */
  readonly startedMs: number;
}

/** Time for the trailer of what `q` ends; after five seconds Jellyfin kills. */
const QUIT_MS = 4_000;

/** Runs one order of Jellyfin's with Upreel's pictures. Never rejects. */
export async function transcode(
  words: readonly string[],
  cartridge: Cartridge,
  player: Player,
  session: SessionRecord,
): Promise<Ending> {
  const command = readHlsCommand(words);
  if ("whyNot" in command) {
    session.set({ outcome: "left", reason: command.whyNot });
    return "original";
  }
  session.set({ path: command.path });
  const work: Transcode = { ...player, command, cartridge, session, startedMs: Date.now() };
  const giveUp = AbortSignal.any([player.keys.quit, player.stopped]);
  const late = AbortSignal.timeout(cartridge.wait_seconds * 1000);
  const within = AbortSignal.any([giveUp, late]);
  let film: GatewayFilm | undefined;
  try {
    const opened = await openFilm(command, cartridge, `cartridge-${process.pid}`, within);
    film = opened;
    const first = await tryAgain(() => opened.readSegment(opened.firstSegment, within), within);
    return await runUpscaled(work, opened, first);
  } catch (thrown) {
    if (giveUp.aborted) {
      session.set({ outcome: "left", reason: "Jellyfin ended it before anything was there" });
      return "done";
    }
    const reason = late.aborted
      ? `nothing to play within ${cartridge.wait_seconds} s`
      : toUpreelError(thrown).message;
    session.set({ outcome: "original", reason });
    return "original";
  } finally {
    await film?.leave();
  }
}

async function runUpscaled(work: Transcode, film: GatewayFilm, first: Uint8Array): Promise<Ending> {
  const { command, cartridge, session, keys } = work;
  const ffmpeg = startFfmpeg(cartridge.ffmpeg, upscaledArguments(command, film.pictures));
  const size = passWordsOn(work, ffmpeg);
  const ended = followEnd(work, ffmpeg);
  const over = new AbortController();
  const feeding = feedPictures({
    ...{ film, target: ffmpeg.pictures, first, whenWanted: keys.whenWanted },
    ...{ waitMs: cartridge.wait_seconds * 1000, signal: over.signal },
  }).then(
    () => undefined,
    (thrown: unknown) => toUpreelError(thrown),
  );
  const lost = await Promise.race([feeding, ended.then(() => undefined)]);
  if (lost !== undefined && !isQuitting(work)) ffmpeg.kill("SIGKILL");
  const end = await ended;
  over.abort();
  const segments = countSegments(work);
  session.set({ segments, seconds: (Date.now() - work.startedMs) / 1000 });
  if (isQuitting(work) || (lost === undefined && end.code === 0)) {
    session.set({ outcome: "upscaled" });
    return "done";
  }
  const reason = lost?.message ?? `ffmpeg ended with ${end.signal ?? end.code}`;
  const made = size();
  // Players get a segment when the next one is begun.
  if (segments < 2 || made === undefined) {
    session.set({ outcome: "original", reason });
    return "original";
  }
  session.set({ outcome: "plain", reason });
  await runPlain(work, command.firstSegment + segments - 1, made);
  return "done";
}

/** The rest without Upreel. However it ends, Jellyfin is told that all went well: it asks anew for what is missing. */
async function runPlain(work: Transcode, from: number, size: PictureSize): Promise<void> {
  const { command, cartridge, session } = work;
  session.note(`segment ${from} and those after it are made without Upreel`);
  const ffmpeg = startFfmpeg(cartridge.ffmpeg, plainArguments(command, from, size));
  passWordsOn(work, ffmpeg);
  ffmpeg.pictures.end();
  const { code, signal } = await followEnd(work, ffmpeg);
  if (code !== 0) session.note(`without Upreel, ffmpeg ended with ${signal ?? code}`);
}

const isQuitting = ({ keys, stopped }: Player): boolean => keys.quit.aborted || stopped.aborted;

/** More of what ffmpeg says is not looked through for its output. */
const MOST_TEXT = 64 * 1024;
const OUTPUT_SIZE = /Output #0[\s\S]*?Stream #0:0[^\n]*Video: [^\n]*?\b(\d{2,5})x(\d{2,5})\b/;

/** What is typed goes to ffmpeg, what it says to Jellyfin. Tells the size of its pictures once it has said so. */
function passWordsOn(work: Transcode, ffmpeg: RealFfmpeg): () => PictureSize | undefined {
  const { keys, stderr, session } = work;
  let text = "";
  let size: PictureSize | undefined;
  let isFirst = true;
  ffmpeg.stderr.on("data", (chunk: Buffer) => {
    stderr.write(chunk);
    session.keep(chunk);
    if (isFirst && countSegments(work) > 1) {
      isFirst = false;
      session.noteFirst((Date.now() - work.startedMs) / 1000);
    }
    if (size !== undefined) return;
    text = (text + String(chunk)).slice(-MOST_TEXT);
    const [, width, height] = OUTPUT_SIZE.exec(text) ?? [];
    if (width !== undefined) size = { width: Number(width), height: Number(height) };
  });
  keys.passTo((pressed) => ffmpeg.press(pressed));
  return () => size;
}

/** Waits for its end; who quits waits no longer than Jellyfin does. */
async function followEnd({ keys, stopped }: Player, ffmpeg: RealFfmpeg): Promise<FfmpegEnd> {
  const quitting = AbortSignal.any([keys.quit, stopped]);
  let timer: NodeJS.Timeout | undefined;
  const quit = (): void => {
    // The end of Jellyfin's pipe is no key.
    ffmpeg.press("q");
    ffmpeg.pictures.destroy();
    timer = setTimeout(() => ffmpeg.kill("SIGKILL"), QUIT_MS);
  };
  if (quitting.aborted) quit();
  else quitting.addEventListener("abort", quit, { once: true });
  try {
    return await ffmpeg.ended;
  } finally {
    clearTimeout(timer);
    quitting.removeEventListener("abort", quit);
  }
}

/** A file system's clock is that much behind. */
const CLOCK_MS = 20;

/** How many segments of this order are there, the one that is being written with them. */
function countSegments({ command, startedMs }: Transcode): number {
  const isThere = (segment: number): boolean => {
    const stats = statSync(segmentFile(command, segment), { throwIfNoEntry: false });
    return stats !== undefined && stats.mtimeMs >= startedMs - CLOCK_MS;
  };
  let count = 0;
  while (isThere(command.firstSegment + count)) count += 1;
  return count;
}
