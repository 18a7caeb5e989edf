import type { Output, Profile, Timeline } from "@upreel/core";
import { buildTimeline, planOutput, probeSource, type TimedSource } from "@upreel/media";
import type { Ladder, Plan, Planner } from "@upreel/streams";

export interface PlannerDependencies {
  readonly ffprobe: string;
  readonly ffmpeg: string;
  /** What may make the segments; throws `model_unknown` or `model_unusable`. */
  readonly ladderFor: (profile: Profile, timeline: Timeline, output: Output) => Promise<Ladder>;
  /** What the film is, where that decides the model. */
  readonly contentOf: (
    profile: Profile,
    film: TimedSource,
    signal: AbortSignal,
  ) => Promise<Output["content"]>;
  readonly encoderFor: (wanted: Profile["encoder"]) => Promise<Output["encoder"]>;
}

/** Turns a file and a profile into all that a run needs. */
export function createPlanner(
  deps: PlannerDependencies,
  options: { readonly segmentSeconds: number; readonly maxOutputHeight: number },
): Planner {
  const planBy = async (
    { readsAll }: { readonly readsAll: boolean },
    ...[file, profile, signal]: Parameters<Planner["plan"]>
  ): Promise<Plan> => {
    const [probed, encoder] = await Promise.all([
      probeSource(file, { ffprobe: deps.ffprobe, ffmpeg: deps.ffmpeg }, signal, { readsAll }),
      deps.encoderFor(profile.encoder),
    ]);
    const { source } = probed;
    const content = await deps.contentOf(profile, probed, signal);
    const planned = planOutput({
      source,
      scale: profile.scale,
      encoder,
      quality: profile.quality,
      maxOutputHeight: options.maxOutputHeight,
    });
    const output: Output = { ...planned, ...(content === undefined ? {} : { content }) };
    const timeline = buildTimeline(probed, options.segmentSeconds);
    const ladder = await deps.ladderFor(profile, timeline, output);
    return { source, timeline, output, ladder };
  };
  return {
    plan: (...given) => planBy({ readsAll: false }, ...given),
    planWhole: (...given) => planBy({ readsAll: true }, ...given),
    ladderFor: deps.ladderFor,
  };
}
