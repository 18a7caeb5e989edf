import type { Clock } from "@upreel/core";
import { nameOf } from "./compare-sightings.ts";
import type { PlayedFilms } from "./played-films.ts";
import { isNews } from "./told.ts";
import type { Viewer } from "./viewers.ts";

/** Clients report every three to ten seconds. */
const VANISHED_AFTER_MS = 60_000;

/** Tells streams where those who watch them are, and that they are gone. */
export function tellStreams({
  films,
  clock,
  log,
}: {
  readonly films: PlayedFilms;
  readonly clock: Clock;
  readonly log: { info(message: string): void };
}) {
  return {
    tell(viewer: Viewer): void {
      if (viewer.state.kind !== "watching" || viewer.hasVanished) return;
      const { seconds, isPaused } = viewer.sighting;
      const nowMs = clock.nowMs();
      if (!isNews(viewer.told, { seconds, isPaused, atMs: nowMs })) return;
      viewer.told = { seconds, isPaused, atMs: nowMs };
      films.reportPlayhead(viewer.state.streamId, viewer.sighting);
    },
    /** `name`: as whom its stream knows it. */
    leave(viewer: Viewer, name = viewer.sighting.viewer): void {
      if (viewer.state.kind === "watching" && !viewer.hasVanished)
        films.viewerLeft(viewer.state.streamId, name);
    },
    /** A client that is silent while the server runs on for it is not there any more. */
    noteSilence(viewer: Viewer, isReported: boolean): void {
      const nowMs = clock.nowMs();
      if (isReported || viewer.sighting.isPaused) {
        viewer.reportedAtMs = nowMs;
        viewer.hasVanished = false;
      } else if (!viewer.hasVanished && nowMs - viewer.reportedAtMs > VANISHED_AFTER_MS) {
        this.leave(viewer);
        viewer.hasVanished = true;
        log.info(`${nameOf(viewer.sighting)}: the player disappeared without saying so`);
      }
    },
  };
}
