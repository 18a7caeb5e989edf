import type { Output, Profile, Rung, Source } from "@upreel/core";
import { buildTimeline, planOutput, probeSource } from "@upreel/media";
import type { Planner } from "@upreel/streams";

export interface PlannerDependencies {
  readonly ffprobe: string;
  /** Picks the network for a source; throws `model_unknown` or `model_unusable`. */
  readonly chooseRung: (profile: Profile, source: Source) => Promise<Rung>;
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
      const rung = await deps.chooseRung(profile, source);
      return { source, output, rung, timeline: buildTimeline(probed, options.segmentSeconds) };
    },
    rungFor: (profile, source) => deps.chooseRung(profile, source),
  };
}
