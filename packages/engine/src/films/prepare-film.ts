import type { FileIdentity, Profile } from "@upreel/core";
import { openingRung } from "@upreel/streams";
import type { WorkerPool } from "@upreel/workers";
import type { PlanCache } from "../plan/plan-cache.ts";

/** Probes a film that somebody may play and loads its model, so that its start does not wait. */
export async function prepareFilm(
  file: FileIdentity,
  profile: Profile,
  {
    planner,
    workers,
  }: {
    readonly planner: Pick<PlanCache, "prepare">;
    readonly workers: Pick<WorkerPool, "warmRung" | "expectRung">;
  },
): Promise<void> {
  const { ladder } = await planner.prepare(file, profile);
  const first = openingRung(ladder, profile.model === "auto");
  const isLoaded = first?.model.id === workers.warmRung?.model.id;
  if (first !== undefined && first.model.kind !== "copy" && !isLoaded)
    await workers.expectRung(first);
}
