import { tellAdvice, UpreelError, type StreamRecords } from "@upreel/core";
import type { EvictedFilms } from "../disk/evicted-films.ts";
import { foreseeStream, type ForeseeDependencies } from "./foresee-film.ts";
import { resumeStream } from "./trigger.ts";

/** What somebody wants a film made for. */
export const RESUME_FOR = ["playing", "later"] as const;
export type ResumeFor = (typeof RESUME_FOR)[number];

export interface ResumeDependencies extends ForeseeDependencies {
  readonly roots: readonly string[];
  readonly evicted: EvictedFilms;
  readonly records: Pick<StreamRecords, "read">;
}

/**
 * Has a stream made: for somebody who plays it now, only where this machine makes it fast enough
 * (`cannot_hold` says so, and nothing is spent); for later, behind all other work. Throws what
 * `resumeStream` throws, too.
 */
export async function resumeFor(
  deps: ResumeDependencies,
  id: string,
  purpose: ResumeFor,
): Promise<void> {
  if (purpose === "later") return resumeStream(deps, id, "background");
  // Also of one that was deleted to make room.
  const film = (await deps.records.read(id)) ?? (await deps.evicted.find(id));
  const foreseen = film && (await foreseeStream(deps, film, 0));
  if (foreseen?.expectation.advice === "original")
    throw new UpreelError("cannot_hold", tellAdvice(foreseen.expectation.adviceTold));
  await resumeStream(deps, id);
}
