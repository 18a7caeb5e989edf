import type { ReadonlySignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { decide } from "../../playback/decide.ts";
import type { Fallbacks } from "./fallbacks.ts";
import type { FilmChange } from "./film-change.ts";
import type { Pictures } from "../../playback/pictures.ts";
import type { PlaybackState } from "../../playback/playback-state.ts";

export interface ConsiderParts {
  readonly status: ReadonlySignal<StreamStatus>;
  readonly pictures: Pictures;
  readonly state: PlaybackState;
  readonly fallbacks: Fallbacks;
  readonly change: FilmChange;
}

export const hasOriginal = ({ original }: Pictures): boolean =>
  original.problem.peek() === undefined;

/** Shows the other film where that is better now. */
export function considerPicture(parts: ConsiderParts, stalledSeconds: number): void {
  const { pictures, fallbacks, change } = parts;
  const { showing, wish, position, duration, wantsToPlay, isOffered } = parts.state;
  const { state, speed, ready_ranges: ready } = parts.status.peek();
  const decision = decide({
    ...{ wish: wish.peek(), showing: showing.peek(), hasOriginal: hasOriginal(pictures) },
    ...{ positionSeconds: position.peek(), durationSeconds: duration.peek() },
    ...{ state, speed, ready, fallbacks: fallbacks.count() },
    stalledSeconds: wantsToPlay.peek() ? stalledSeconds : 0,
    upscaledFailed: pictures.upscaled.problem.peek() !== undefined || state === "failed",
    sinceFallbackSeconds: fallbacks.sinceSeconds(),
  });
  isOffered.value = decision === "offer_upscaled";
  if (decision === "to_upscaled") change.swapTo("upscaled");
  if (decision !== "to_original") return;
  if (wish.peek() !== "original") fallbacks.note();
  // One that has never shown anything cannot tell where it is.
  if (pictures[showing.peek()].video.readyState === 0) change.jumpTo("original", position.peek());
  else change.swapTo("original");
}
