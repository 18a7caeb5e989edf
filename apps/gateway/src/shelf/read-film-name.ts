import { extname } from "node:path";

/** What a file's name says of a film. */
export interface FilmName {
  readonly title: string;
  readonly year: number | undefined;
}

const YEAR = /[([ ]((?:19|20)\d\d)(?:[)\] ]|$)/g;
const EPISODE = /\bS\d{1,3}E\d{1,4}\b/i;
/** Where the words of a release begin, which are about the file and not about the film. */
const RELEASE =
  /\b(?:4320|2160|1440|1080|720|576|540|480|360)[pi]\b|\b(?:blu-?ray|bd-?rip|br-?rip|dvd-?rip|web-?dl|web-?rip|hdtv|remux|x26[45]|h\.?26[45]|hevc|xvid|divx|10bit|hdr10?|aac|ac3|dts)\b/gi;

/**
 * Title and year of a film whose file is named as people name them: `Metropolis (1927).mkv`,
 * `big.buck.bunny.2008.1080p.x264.mp4`, `Show - S01E02 - Pilot.mkv`.
 */
export function readFilmName(fileName: string): FilmName {
  const whole = fileName.slice(0, fileName.length - extname(fileName).length);
  const words = (whole.includes(" ") ? whole : whole.replaceAll(/[._]+/g, " ")).trim();
  // The last one: `2001 A Space Odyssey (1968)`.
  const year = [...words.matchAll(YEAR)].filter(({ index }) => index > 0).at(-1);
  const isEpisode = EPISODE.test(words);
  const [release] = releaseWords(whole, words, year !== undefined || isEpisode);
  const ends = [
    year !== undefined && !isEpisode ? year.index : undefined,
    release !== undefined && release.index > 0 ? release.index : undefined,
  ].filter((end) => end !== undefined);
  const title = words.slice(0, Math.min(...ends, words.length)).replace(/[\s([{–-]+$/, "");
  return {
    title: title === "" ? words || fileName : title,
    year: year === undefined ? undefined : Number(year[1]),
  };
}

/**
 * Words of a release, where the name is that of one. `phone_720p_rotated.mp4` was named by somebody who has
 * `phone_360p.mp4`, too: there the size is what tells them apart.
 */
function releaseWords(whole: string, words: string, isOfFilm: boolean): readonly RegExpExecArray[] {
  const found = [...words.matchAll(RELEASE)];
  const isDotted = whole.includes(".") && !/[ _]/.test(whole);
  const rest = words.slice((found[0]?.index ?? 0) + (found[0]?.[0].length ?? 0));
  const isAtEnd = whole.includes(" ") && /^[\s\])}]*$/.test(rest);
  return isOfFilm || isDotted || isAtEnd || found.length > 1 ? found : [];
}
