import { toUpreelError } from "@upreel/core";
import { nameOf, withPath } from "./compare-sightings.ts";
import type { Outcome } from "./played-films.ts";
import { startSeen } from "./start-seen.ts";
import type { tellStreams } from "./tell-streams.ts";
import type { Viewer } from "./viewers.ts";
import type { WatchingDependencies } from "./watching.ts";

/** Starts what viewers play, as rules allow, and notes with each what became of it. */
export function beginViewers(
  deps: WatchingDependencies,
  viewers: ReadonlyMap<string, Viewer>,
  told: ReturnType<typeof tellStreams>,
): (viewer: Viewer) => void {
  const { films, clock, log } = deps;

  async function start(viewer: Viewer): Promise<void> {
    const { sighting } = viewer;
    viewer.state = { kind: "starting" };
    const { outcome, path } = await startSeen(deps, sighting);
    if (path !== undefined) viewer.sighting = withPath(viewer.sighting, path);
    settle(viewer, outcome);
    deps.onOutcome(sighting.itemId, outcome);
  }

  function settle(viewer: Viewer, outcome: Outcome): void {
    const { sighting } = viewer;
    // Somebody who stopped, or plays something else by now: the upscale goes on as ON_STOP says.
    const isStill = viewers.get(sighting.viewer) === viewer;
    switch (outcome.kind) {
      case "stream":
        viewer.state = { kind: "watching", streamId: outcome.id };
        told.tell(viewer);
        if (!isStill) films.viewerLeft(outcome.id, sighting.viewer);
        return;
      case "left_alone":
        viewer.state = { kind: "left_alone" };
        return;
      case "failed":
        viewer.state = {
          kind: "failed",
          atMs: clock.nowMs(),
          mayRecover: outcome.reason.code === "jellyfin_unreachable",
        };
        log.warn(`${nameOf(sighting)} is not upscaled: ${outcome.reason.message}`);
    }
  }

  return (viewer) =>
    void start(viewer).catch((thrown: unknown) => {
      log.warn(`${nameOf(viewer.sighting)}: ${toUpreelError(thrown).message}`);
    });
}
