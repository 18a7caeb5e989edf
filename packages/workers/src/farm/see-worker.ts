import type { FarmWorker, WorkerLimits } from "@upreel/core";
import type { Session } from "./session.ts";

/** Whether a machine is to get work: by hand, by its hours, and by its owner who uses it. */
export type MayWork = "yes" | "paused" | "draining" | "resting" | "in_use";

/** What is told of a machine that is here. */
export type SeenWorker = Omit<FarmWorker, "runs"> & {
  readonly runs: readonly Omit<FarmWorker["runs"][number], "title">[];
};

export function seeWorker(
  name: string,
  session: Session | undefined,
  mayWork: MayWork,
  { streams, hours, weight, megabits, whileInUse = true }: WorkerLimits,
): SeenWorker {
  const { facts, offer, runs, tally } = session ?? {};
  const all = [...(runs?.values() ?? [])];
  const isWorking = all.length > 0;
  const state = ((): FarmWorker["state"] => {
    // Who was told to rest does that when it comes, too.
    const isHeld = mayWork === "paused" || mayWork === "draining";
    if (facts === undefined) return isHeld ? "paused" : "away";
    if (session?.isSuspected === true) return "suspected";
    if (mayWork !== "yes") return mayWork;
    return isWorking ? "working" : "idle";
  })();
  const works = (offer?.speeds ?? []).filter(({ measurement }) => measurement.outcome === "proven");
  return {
    ...{ name, state, version: facts?.version ?? null },
    gpu_celsius: session?.seen.gpuCelsius ?? null,
    hardware: facts === undefined ? null : [facts.cpu, ...facts.gpus].join(", "),
    places: offer?.places ?? 0,
    networks: new Set(works.map(({ model }) => model)).size,
    fps: Math.round(all.reduce((sum, { fps }) => sum + fps, 0) * 10) / 10,
    ...(tally?.counts ?? { segments: 0, refused: 0, bytes: 0 }),
    runs: all.map(({ order, fps, toSegment }) => ({
      ...{ stream: order.streamId, fps: Math.round(fps * 10) / 10 },
      ...{ from_segment: order.fromSegment, to_segment: toSegment },
    })),
    problem: tally?.problem ?? facts?.problems?.[0] ?? null,
    limits: {
      ...{ streams: streams ?? null, hours: hours ?? null, weight: weight ?? null },
      ...{ megabits: megabits ?? null, while_in_use: whileInUse },
    },
  };
}
