import { totalmem } from "node:os";
import type { Clock, FileIdentity, FilmFacts, Log, Profile, Timeline } from "@upreel/core";
import type { TakeLook } from "@upreel/media";
import type { MediaFiles } from "@upreel/sources";
import type { Ladder, Planner } from "@upreel/streams";
import type { FaceModels, FacesHere } from "../faces/face-models.ts";
import { withFaces, withoutFaces } from "../ladder/face-ladder.ts";
import { buildLadder } from "../ladder/ladder.ts";
import { checkFaceMemory, checkMemory } from "../ladder/model-memory.ts";
import type { Networks } from "../ladder/networks.ts";
import type { SeenSpeeds } from "../measure/seen-speeds.ts";
import type { EngineSettings } from "../settings.ts";
import { contentOf } from "../ladder/content.ts";
import type { EncoderFor } from "./encoder-trials.ts";
import { cachePlans, type PlanCache } from "./plan-cache.ts";
import { queuePlans } from "./plan-queue.ts";
import { createPlanner } from "./planner.ts";
import { createTimedFilms, type TimedFilms } from "./timed-films.ts";

/** Plans films one after the other, by files that are looked at before and after, and remembers the plans. */
export function openPlanner(
  settings: EngineSettings,
  parts: {
    readonly files: MediaFiles;
    readonly networks: Networks;
    readonly seen: SeenSpeeds;
    readonly faces: FaceModels;
    readonly encoderFor: EncoderFor;
    readonly look: TakeLook;
    readonly factsOf: (file: FileIdentity) => Promise<FilmFacts | undefined>;
    readonly clock: Clock;
    readonly log: Log;
    readonly whenAnswered: () => Promise<void>;
    readonly whenQuiet: (signal: AbortSignal) => Promise<void>;
  },
): PlanCache & { readonly timed: TimedFilms } {
  const {
    files,
    networks,
    seen,
    faces,
    encoderFor,
    look,
    factsOf,
    clock,
    log,
    whenAnswered,
    whenQuiet,
  } = parts;
  const { ffmpeg, ffprobe, segmentSeconds, maxOutputHeight } = settings;
  // In a container, its own bound.
  const memoryBytes = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  const timed = createTimedFilms();
  const planner = createPlanner(
    {
      ...{ log, ffprobe, onTimed: (film) => timed.note(film) },
      ...{ ffmpeg, encoderFor, look, factsOf },
      factorsOf: (model) => networks.factorsOf(model),
      screenLines: () => networks.screenLines(),
      contentOf: (profile, film, known, signal) =>
        contentOf(
          profile,
          film,
          { ffmpeg, look, known, isAsked: () => networks.hasPreference(), log },
          signal,
        ),
      async ladderFor(profile, timeline, output) {
        const built = await buildLadder(profile, timeline, output, networks.ladderParts);
        const fits = ({ trial }: FacesHere): void =>
          checkFaceMemory(trial, built, output, memoryBytes);
        const ladder = await facedLadder(built, profile, timeline, {
          faces,
          fits,
          keepsUp: settings.keepsUp,
        });
        return seen(checkMemory(ladder, output, memoryBytes), output, timeline);
      },
    },
    { segmentSeconds, maxOutputHeight },
  );
  const checked: Planner = {
    ...planner,
    plan: (file, profile, signal) => files.use(file, () => planner.plan(file, profile, signal)),
  };
  const queued = queuePlans(checked, {
    atATime: settings.plansAtATime,
    log,
    whenAnswered,
    whenQuiet,
  });
  return { ...cachePlans(queued, clock), timed };
}

/** Without what restores faces, or what it is tried out with, a film is made as ever. */
async function facedLadder(
  ladder: Ladder,
  { faces: strength }: Profile,
  { rate }: Timeline,
  {
    faces,
    fits,
    keepsUp,
  }: {
    readonly faces: FaceModels;
    /** Throws where they do not. */
    readonly fits: (here: FacesHere) => void;
    readonly keepsUp: boolean;
  },
): Promise<Ladder> {
  if (strength === undefined) return ladder;
  try {
    const here = await faces.ready();
    fits(here);
    return withFaces(ladder, here, strength, { rate, keepsUp });
  } catch (thrown) {
    return withoutFaces(ladder, thrown);
  }
}
