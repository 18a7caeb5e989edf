import { basename, dirname, extname } from "node:path";
import { filenameParse } from "@ctrl/video-filename-parser";

/** What a file's name says of the episode in it. */
interface Episode {
  readonly show: string;
  readonly season: number;
  readonly number: number;
}

/** Longer names are no episode's, and cost time. */
const LONGEST_NAME = 255;

/** The episode in a file that is named as people name them: `Show - S01E02 - Pilot.mkv`, `show.1x02.mkv`. */
function readEpisode(path: string): Episode | undefined {
  const name = basename(path, extname(path));
  if (name.length > LONGEST_NAME) return undefined;
  const parsed = filenameParse(name, true);
  if (!("isTv" in parsed)) return undefined;
  const [season, number] = [parsed.seasons[0], parsed.episodeNumbers[0]];
  if (season === undefined || number === undefined) return undefined;
  return {
    show: parsed.title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
      .trim(),
    season,
    number,
  };
}

/** Whether a file is named as episodes are. */
export const isNamedAsEpisode = (path: string): boolean => readEpisode(path) !== undefined;

/** Files that a plugin looks at together. */
export interface FileGroup {
  /** Undefined: one film. */
  readonly groupKey: string | undefined;
  readonly paths: readonly string[];
}

/** More episodes are looked at by themselves: the call would take too long. */
export const MOST_EPISODES = 100;

/** The season that a file is an episode of, out of the files beside it; the file alone where it is of none. */
export function groupOf(path: string, beside: readonly string[]): FileGroup {
  const episode = readEpisode(path);
  if (episode === undefined) return { groupKey: undefined, paths: [path] };
  const { show, season } = episode;
  const episodes = [...new Set([path, ...beside])]
    .map((each) => ({ each, found: readEpisode(each) }))
    .filter(({ found }) => found?.show === show && found.season === season)
    .toSorted((a, b) => (a.found?.number ?? 0) - (b.found?.number ?? 0))
    .map(({ each }) => each);
  if (episodes.length > MOST_EPISODES) return { groupKey: undefined, paths: [path] };
  return { groupKey: `season:${dirname(path)}:${show}:${season}`, paths: episodes };
}
