import type { Reason } from "@upreel/core";
import type { FoundFile } from "./path-finder.ts";
import type { Sighting } from "./sighting.ts";

/** What becomes of a film that somebody plays; the gateway fills it. */
export interface PlayedFilms {
  /** Starts its upscale; answers the id of its stream, or why there is none. */
  start(sighting: Sighting, file: FoundFile): Promise<StartedFilm>;
  reportPlayhead(streamId: string, sighting: Sighting): void;
  viewerLeft(streamId: string, viewer: string): void;
}

export type StartedFilm =
  | { readonly kind: "stream"; readonly id: string }
  | { readonly kind: "left_alone"; readonly why: string };

/** What became of the look-up of an item. */
export type Outcome = StartedFilm | { readonly kind: "failed"; readonly reason: Reason };
