import {
  durationSeconds,
  GRADES,
  type FileIdentity,
  type FilmChoices,
  type Output,
  type Profile,
  type Timeline,
} from "@upreel/core";
import { lowerBandwidth, lowerQuality } from "@upreel/media";
import { foresee, type Ladder, type Plan } from "@upreel/streams";
import { wordsOfModel } from "../models/name-of-model.ts";
import { configuredProfile, type FilmSettings } from "./trigger.ts";

export interface ChoicesParts {
  readonly config: FilmSettings;
  /** Probes a film; remembers it for the stream that may follow. */
  readonly plan: (file: FileIdentity, profile: Profile) => Promise<Plan>;
  readonly ladderFor: (profile: Profile, timeline: Timeline, output: Output) => Promise<Ladder>;
}

const NOTHING_MADE = { playheadSeconds: 0, leadSeconds: 0, isComplete: false } as const;

/** How a film can be made here: what each way gives, and what it takes. Throws what the planner throws. */
export async function filmChoices(
  { config, plan, ladderFor }: ChoicesParts,
  file: FileIdentity,
): Promise<FilmChoices> {
  const profile = configuredProfile(config, { model: "auto" });
  const planned = await plan(file, profile);
  const { timeline, output, ladder } = planned;
  const { inputWidth, inputHeight, width, height } = output;
  const seconds = durationSeconds(timeline);
  const diskBytes = expectedBytes(output, timeline, profile.quality);
  const describe = (model: string, id: string, speed: number | undefined) => {
    const { name, goodAt } = wordsOfModel(id);
    return {
      ...{ model, id, name, good_at: goodAt, width, height },
      expected_speed: speed === undefined ? null : Math.round(speed * 100) / 100,
      making_seconds: speed === undefined ? null : Math.round(seconds / speed),
      disk_bytes: diskBytes,
      is_live: speed === undefined ? null : speed >= 1,
    };
  };
  const speed = foresee(planned, NOTHING_MADE).expectedSpeed;
  // The one that a viewer gets: the best that keeps up, else the fastest.
  const taken =
    ladder.find(({ expectedSpeed: each = 1 }) => each >= 1) ??
    ladder.findLast(({ rung }) => rung.model.kind !== "copy");
  const graded = GRADES.toReversed().map(async (grade) => {
    const [first] = await ladderFor({ ...profile, model: grade }, timeline, output);
    return first && describe(grade, first.rung.model.id, first.expectedSpeed);
  });
  return {
    ...{ path: file.path, width: inputWidth, height: inputHeight, duration_seconds: seconds },
    choices: [
      ...(taken === undefined ? [] : [describe("auto", taken.rung.model.id, speed)]),
      ...(await Promise.all(graded)).filter((each) => each !== undefined),
    ],
  };
}

/** The quality at which `lowerQuality` tells what pictures need; six steps are twice the bits, as a rule. */
const USUAL_QUALITY = 20;
const STEPS_TO_DOUBLE = 6;

/** What a film with these pictures takes when it is finished, with its sound. Real films lie around it. */
function expectedBytes(output: Output, timeline: Timeline, quality: number): number {
  const usual = lowerQuality(output, timeline);
  const maxRate = usual.maxRate * 2 ** ((USUAL_QUALITY - quality) / STEPS_TO_DOUBLE);
  const bitsPerSecond = lowerBandwidth({ ...usual, maxRate }, output, Number.POSITIVE_INFINITY);
  return Math.round((bitsPerSecond * durationSeconds(timeline)) / 8);
}
