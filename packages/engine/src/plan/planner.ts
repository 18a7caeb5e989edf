import { constants } from "node:os";
import {
  noteStep,
  type FileIdentity,
  type FilmFacts,
  type Log,
  type Output,
  type Profile,
  type Timeline,
} from "@upreel/core";
import {
  buildTimeline,
  followFilm,
  planOutput,
  probeSource,
  wholeSegments,
  wishForOnePass,
  type ProbeOptions,
  type ProbeTools,
  type TakeLook,
  type TimedSource,
} from "@upreel/media";
import { chooseOutput } from "./choose-output.ts";
import { sourceGrowing, type Ladder, type Plan, type Planner } from "@upreel/streams";

import type { TimedFilm } from "./timed-films.ts";

export interface PlannerDependencies {
  readonly log: Pick<Log, "debug">;
  readonly ffprobe: string;
  readonly ffmpeg: string;
  /** What a plugin found out of the file as it is; undefined: nothing is known. */
  readonly factsOf: (file: FileIdentity) => Promise<FilmFacts | undefined>;
  /** Who looks at pictures: not this process, whose thread answers players. */
  readonly look: TakeLook;
  /** The pictures of a film that is planned anew are timed; the rest of its plan takes longer. */
  readonly onTimed: (film: TimedFilm) => void;
  /** What may make the segments; throws `model_unknown` or `model_unusable`. */
  readonly ladderFor: (profile: Profile, timeline: Timeline, output: Output) => Promise<Ladder>;
  /** What the film is, where that decides the model. */
  readonly contentOf: (
    profile: Profile,
    film: TimedSource,
    known: FilmFacts["content"] | undefined,
    signal: AbortSignal,
  ) => Promise<Output["content"]>;
  /** By how much what a model's name stands for enlarges; undefined: as the built-in ones. */
  readonly factorsOf: (model: string) => Promise<readonly number[] | undefined>;
  /** Lines of the screen that films are made for. */
  readonly screenLines: () => number;
  readonly encoderFor: (wanted: Profile["encoder"]) => Promise<Output["encoder"]>;
}

/** The screen that a film is made for; undefined: any, it is enlarged by a number. */
export const targetOf = (
  { scale, targetHeight }: Pick<Profile, "scale" | "targetHeight">,
  screenLines: () => number,
): number | undefined => targetHeight ?? (scale === "auto" ? screenLines() : undefined);

/** All of a film is read beside the run that makes its first segments, and beside those of who jumps meanwhile: it takes what they leave. */
const BEHIND_RUNS = constants.priority.PRIORITY_LOW;

/** Turns a file and a profile into all that a run needs. */
export function createPlanner(
  deps: PlannerDependencies,
  options: { readonly segmentSeconds: number; readonly maxOutputHeight: number },
): Planner {
  const tools = { ffprobe: deps.ffprobe, ffmpeg: deps.ffmpeg, look: deps.look };
  const planBy = async (
    how: ProbeOptions & Pick<ProbeTools, "niceness">,
    ...[file, profile, signal]: Parameters<Planner["plan"]>
  ): Promise<Plan> => {
    const { path } = file;
    const { niceness } = how;
    noteStep(deps.log, "planning", { path });
    const facts = await deps.factsOf(file);
    // What could not be told then may be told now.
    const seen = facts?.scan ? { scan: facts.scan } : undefined;
    const [probed, encoder] = await Promise.all([
      probeSource(file, { ...tools, niceness }, signal, { ...how, seen }),
      deps.encoderFor(profile.encoder),
    ]);
    noteStep(deps.log, "probed", { path });
    const { source } = probed;
    const content = await deps.contentOf(profile, probed, facts?.content, signal);
    const wish = {
      source,
      scale: profile.scale,
      encoder,
      quality: profile.quality,
      maxOutputHeight: options.maxOutputHeight,
      targetHeight: targetOf(profile, deps.screenLines),
      factors: await deps.factorsOf(profile.model),
      audio: profile.audio,
    };
    const outputFor = (each: typeof wish): Output => ({
      ...planOutput(each),
      ...(content === undefined ? {} : { content }),
    });
    const usual = outputFor(wish);
    const onePass = wishForOnePass({ width: usual.inputWidth, height: usual.inputHeight }, wish);
    const found = buildTimeline(probed, options.segmentSeconds);
    const timeline = how.isGrowing === true ? wholeSegments(found) : found;
    if (timeline === undefined) throw sourceGrowing(file.path);
    const { output, ladder } = await chooseOutput(usual, onePass && outputFor(onePass), (each) =>
      deps.ladderFor(profile, timeline, each),
    );
    noteStep(deps.log, "planned", { path });
    return { source, timeline, output, ladder, ending: probed.ending };
  };
  const onTimed = ({ source, ...timing }: TimedSource): void =>
    deps.onTimed({ source, timeline: buildTimeline(timing, options.segmentSeconds) });
  return {
    plan: (...given) => planBy({ readsAll: false, onTimed }, ...given),
    planWhole: (file, profile, signal, grid) =>
      planBy({ readsAll: true, grid, niceness: BEHIND_RUNS }, file, profile, signal),
    planGrowing: (file, profile, signal, grid) =>
      planBy({ readsAll: true, isGrowing: true, grid }, file, profile, signal),
    follow: ({ source, timeline }, signal) => followFilm(source, timeline, tools, signal),
    ladderFor: deps.ladderFor,
  };
}
