import {
  isOnlyLonger,
  requireSameFile,
  settledFile,
  sourceChanged,
  type Clock,
  type FileIdentity,
  type StreamRecord,
  type Timeline,
  profileNow,
} from "@upreel/core";
import type { Plan, Planner, Sources } from "../ports.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { keepScan } from "./keep-scan.ts";
import { isFresh } from "./watch-growth.ts";

export interface RegrowParts {
  readonly planner: Planner;
  readonly sources: Sources;
  readonly clock: Clock;
}

export interface Regrown {
  readonly found: Plan;
  readonly file: FileIdentity;
  readonly fingerprint: string | undefined;
}

/**
 * Plans a film anew that was planned as a whole one, and whose file got longer since: on the grid that it
 * was begun with, and as one that is being written where it was written to just now. Throws
 * `source_changed` where the file does not begin as it did, which is another film.
 */
export async function regrowFilm(
  said: Plan,
  record: Pick<StreamRecord, "file" | "profile" | "choice" | "fingerprint">,
  { planner, sources, clock }: RegrowParts,
  signal: AbortSignal,
): Promise<Regrown> {
  const { file: before, fingerprint } = record;
  const profile = profileNow(record);
  const now = await sources.lookAgain(before);
  if (!isOnlyLonger(before, now)) requireSameFile(before, now);
  // The same places, which lie in what was there before.
  const begins = await sources.tryToRead(settledFile(before));
  if (begins !== fingerprint) {
    throw sourceChanged(before.path, "a longer file that does not begin as that one did");
  }
  const file: FileIdentity = isFresh(now, clock) ? { ...now, mayGrow: true } : now;
  const { timeline } = said;
  const isGrowing = file.mayGrow === true;
  const found = isGrowing
    ? goingOn(said, file, await planner.planGrowing(file, profile, signal, timeline))
    : atItsEnd(said, await planner.planWhole(file, profile, signal, timeline));
  return { found, file, fingerprint: await fingerprintOf(file, { sources }) };
}

/** What is more than a longer timeline is found when it rests, as of any film that is being written. */
function goingOn(said: Plan, file: FileIdentity, { timeline: found }: Plan): Plan {
  const { pieces, frameCount } = found;
  const { isProvisional: _, pieces: saidPieces, ...plain } = said.timeline;
  const least = wholeFrames(said.timeline, said.timeline.frameCount);
  const isLonger = frameCount > least;
  const laid = isLonger ? pieces : saidPieces;
  return {
    ...said,
    source: { ...said.source, ...file },
    timeline: {
      ...plain,
      // All that there was had been read, and is there.
      frameCount: isLonger ? wholeFrames(plain, frameCount) : least,
      ...(laid === undefined ? {} : { pieces: laid }),
      growth: "going",
    },
  };
}

function atItsEnd(said: Plan, found: Plan): Plan {
  const { framesPerSegment, frameCount } = said.timeline;
  const least = wholeFrames(said.timeline, frameCount);
  return {
    ...found,
    source: keepScan(said.source, found.source),
    timeline: {
      ...found.timeline,
      framesPerSegment,
      frameCount: Math.max(least, found.timeline.frameCount),
    },
  };
}

/** Of whole segments, as long as those that players were told of. */
const wholeFrames = (
  { framesPerSegment }: Pick<Timeline, "framesPerSegment">,
  frames: number,
): number => frames - (frames % framesPerSegment);
