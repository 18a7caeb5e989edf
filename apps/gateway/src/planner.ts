import type { Output, Profile, Timeline } from "@upreel/core";
import { buildTimeline, planOutput, probeSource } from "@upreel/media";
import type { Ladder, Planner } from "@upreel/streams";

export interface PlannerDependencies {
  readonly ffprobe: string;
  /** What may make the segments; throws `model_unknown` or `model_unusable`. */
  readonly ladderFor: (profile: Profile, timeline: Timeline, output: Output) => Promise<Ladder>;
  readonly encoderFor: (wanted: Profile["encoder"]) => Promise<Output["encoder"]>;
}

/** Turns a file and a profile into all that a run needs. */
export function createPlanner(
  deps: PlannerDependencies,
  options: { readonly segmentSeconds: number; readonly maxOutputHeight: number },
): Planner {
  return {
    async plan(file, profile, signal) {
      const [probed, encoder] = await Promise.all([
        probeSource(file, { ffprobe: deps.ffprobe }, signal),
        deps.encoderFor(profile.encoder),
      ]);
      const { source } = probed;
      const output = planOutput({
        source,
        scale: profile.scale,
        encoder,
        quality: profile.quality,
        maxOutputHeight: options.maxOutputHeight,
      });
      const timeline = buildTimeline(probed, options.segmentSeconds);
      const ladder = await deps.ladderFor(profile, timeline, output);
      return { source, timeline, output, ladder };
    },
    ladderFor: deps.ladderFor,
  };
}
