import { toUpreelError, UpreelError, type StreamView } from "@upreel/core";
import { findCandidates, type Candidate, type JellyfinClient } from "@upreel/jellyfin";
import type { Streams } from "@upreel/streams";
import type { Config } from "../../config.ts";
import type { MediaFiles } from "@upreel/sources";
import { wishOf } from "../played-films.ts";
import { explainRefusal, pathHere } from "../locate-film.ts";
import { isOwnFile } from "../own-files.ts";
import { findFilm, type FilmSizes } from "@upreel/engine";

/** A film that the library scan will make. */
export interface PlannedFilm extends Candidate {
  /** Part that is made already, 0 to 1. */
  readonly ratio: number;
  /** What the rest of it takes; undefined until this machine has made a film. */
  readonly estimatedSeconds: number | undefined;
}

export interface LibraryPlan {
  readonly films: readonly PlannedFilm[];
  readonly skipped: readonly { readonly title: string; readonly why: string }[];
}

export interface PlanDependencies {
  readonly config: Config;
  readonly files: MediaFiles;
  readonly roots: readonly string[];
  readonly streams: Streams;
  readonly client: JellyfinClient | undefined;
  readonly outputSize: FilmSizes["outputSize"];
}

/** What the rules want and what of it is still to be made. Throws when Jellyfin cannot be asked. */
export async function planLibrary(
  deps: PlanDependencies,
  signal: AbortSignal,
): Promise<LibraryPlan> {
  const { config, client } = deps;
  const { rules } = config.library;
  if (rules.length === 0) return { films: [], skipped: [] };
  if (client === undefined)
    throw new UpreelError("jellyfin_not_set_up", "the library scan asks Jellyfin for its films", {
      expected: "JELLYFIN_URL and JELLYFIN_API_KEY",
    });
  const speed = usualSpeed(deps.streams.list());
  const films: PlannedFilm[] = [];
  const skipped: { title: string; why: string }[] = [];
  for (const candidate of await findCandidates(client, rules, signal)) {
    const judged = await judge(deps, candidate);
    if (typeof judged === "string") skipped.push({ title: candidate.title, why: judged });
    else {
      const left = candidate.durationSeconds * (1 - judged.ratio);
      const estimatedSeconds = speed === undefined ? undefined : Math.round(left / speed);
      films.push({ ...candidate, ratio: judged.ratio, estimatedSeconds });
    }
  }
  return { films, skipped };
}

/** How much of a film is made, or why it is left out. */
async function judge(
  deps: PlanDependencies,
  { path, height }: Candidate,
): Promise<{ readonly ratio: number } | string> {
  const { config } = deps;
  const wish = wishOf(deps, path);
  // Jellyfin may know its lines alone; most pictures are as wide as a screen.
  const picture = height === undefined ? undefined : { width: (height * 16) / 9, height };
  if (picture !== undefined && (await deps.outputSize(picture, wish)) === undefined)
    return `it has ${height} lines already`;
  let here = path;
  try {
    here = pathHere(config, path);
    if (isOwnFile(config, here)) return "it is an upscaled film";
    const status = await findFilm(deps, here, wish);
    switch (status?.state) {
      case "complete":
        return "it is done";
      case "failed":
        return `it failed before: ${status.reason?.message ?? "unknown"}`;
      case "cancelled":
        return "it was cancelled";
      default:
        return { ratio: status?.ratio ?? 0 };
    }
  } catch (thrown) {
    return toUpreelError(explainRefusal(thrown, path, here)).message;
  }
}

/** The middle one of the speeds that films are or were made at. */
function usualSpeed(statuses: readonly StreamView[]): number | undefined {
  const speeds = statuses
    .map(({ expectedSpeed }) => expectedSpeed)
    .filter((speed) => speed !== undefined && speed > 0)
    .toSorted((a, b) => (a ?? 0) - (b ?? 0));
  return speeds[speeds.length >> 1] ?? undefined;
}
