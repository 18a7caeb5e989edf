import { spawn } from "node:child_process";
import { once } from "node:events";
import { CREDITS_SECONDS, INTRO_SECONDS, episodePath, type Episode } from "./episodes.ts";
import { addPiece, addScenes, chanceOf, makeMusic, RATE, readSounds, samples } from "./sounds.ts";

/** A jingle between scenes, in every episode: too short for an intro. */
const JINGLE_SECONDS = 5;
const JINGLE_EVERY_SECONDS = 190;
const AS_IT_IS = { from: 0, speed: 1, gain: 1 };

/** Writes the episodes, made of the sounds of the clips in `media`. */
export async function* makeSeason(
  folder: string,
  media: string,
  episodes: readonly Episode[],
): AsyncGenerator<string> {
  const sounds = await readSounds(media);
  const theme = makeMusic(INTRO_SECONDS, 11, sounds);
  const ending = makeMusic(CREDITS_SECONDS, 12, sounds);
  const jingle = makeMusic(JINGLE_SECONDS, 13, sounds);
  let before: Float32Array | undefined;
  for (const episode of episodes) {
    const film = new Float32Array(samples(episode.seconds));
    const chance = chanceOf(1_000 + episode.number);
    const { intro, credits, recapSeconds } = episode;
    const scenes = (from: number, to: number, gain = 1): void =>
      addScenes(film, { from: samples(from), to: samples(to), gain }, sounds, chance);
    if (before !== undefined) addRecap(film, before, recapSeconds, chance);
    scenes(recapSeconds, intro?.start ?? credits.start);
    if (intro !== undefined) {
      const length = samples(intro.end) - samples(intro.start);
      addPiece(film, { at: samples(intro.start), length }, theme, AS_IT_IS);
      if (episode.talk === "throughout") scenes(intro.start, intro.end, 0.4);
      if (episode.talk === "ends") scenes(intro.start, intro.start + 3, 0.5);
      if (episode.talk === "ends") scenes(intro.end - 5, intro.end, 0.5);
      scenes(intro.end, credits.start);
    }
    for (let at = (intro?.end ?? 60) + 60; at < credits.start - 60; at += JINGLE_EVERY_SECONDS)
      addPiece(film, { at: samples(at), length: jingle.length }, jingle, AS_IT_IS);
    const music = episode.hasOneTheme ? theme : ending;
    const length = samples(credits.end) - samples(credits.start);
    addPiece(film, { at: samples(credits.start), length }, music, AS_IT_IS);
    scenes(credits.end, episode.seconds);
    before = film;
    yield await write(folder, episode, film);
  }
}

/** Pieces of the scenes of the episode before, each as it was there. */
function addRecap(
  film: Float32Array,
  before: Float32Array,
  seconds: number,
  chance: () => number,
): void {
  for (let at = 0; at < samples(seconds);) {
    const length = Math.min(samples(3 + 2 * chance()), samples(seconds) - at);
    const from = samples(300 + 600 * chance());
    addPiece(film, { at, length }, before, { from, speed: 1, gain: 1 });
    at += length;
  }
}

/** Small pictures, black in the credits where the episode has that; sound in its codec. */
async function write(folder: string, episode: Episode, film: Float32Array): Promise<string> {
  const { seconds, credits, speed, gain, codec } = episode;
  const path = episodePath(folder, episode);
  const black = `between(t,${credits.start / speed},${credits.end / speed})`;
  const pictures = episode.isBlackInCredits
    ? `,drawbox=c=black:t=fill:enable='${black}'`
    : ",hue=s=0";
  const child = spawn(
    "ffmpeg",
    [
      ...["-v", "error", "-y", "-f", "f32le", "-ar", String(RATE), "-ac", "1", "-i", "-"],
      ...["-f", "lavfi", "-i", `testsrc2=s=96x54:r=5:d=${seconds / speed}${pictures}`],
      ...["-map", "1:v", "-map", "0:a", "-c:v", "mpeg4", "-g", "25"],
      ...["-af", `asetrate=${RATE * speed},aresample=48000,volume=${gain}`, ...codec, path],
    ],
    { stdio: ["pipe", "inherit", "inherit"] },
  );
  child.stdin.end(Buffer.from(film.buffer));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`ffmpeg ended with ${String(code)} at ${path}`);
  return path;
}
