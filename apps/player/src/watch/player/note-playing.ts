import { batch } from "@preact/signals";
import { considerPicture, type ConsiderParts } from "./consider-picture.ts";
import { preferences } from "../../playback/preferences.ts";

/** After so long without trouble the past is forgotten. */
const FORGIVEN_AFTER_SECONDS = 300;

/** Notes what the film that is seen does now, and shows the other one where that is better. */
export function notePlaying(parts: ConsiderParts, stalledSeconds: number): void {
  const { pictures, fallbacks, change } = parts;
  const { showing, position, duration, wantsToPlay, isWaiting } = parts.state;
  const { video, time, end } = pictures[showing.peek()];
  const status = parts.status.peek();
  const total = status.duration_seconds ?? (Number.isFinite(end()) ? end() : 0);
  const isJumping = change.jumpsTo() !== undefined;
  if (showing.peek() === "upscaled" && fallbacks.sinceSeconds() > FORGIVEN_AFTER_SECONDS)
    fallbacks.forget();
  batch(() => {
    duration.value = total;
    // While a change is under way the position is where it leads.
    if (!video.seeking && video.readyState > 0 && !(change.isUnderWay() && video.paused))
      position.value = Math.max(0, time());
    // During a jump the film that is seen stands where the viewer has left it, be that its end.
    const isEnd = video.ended && !isJumping;
    const isStuck = isJumping || video.readyState < 3 || stalledSeconds > 1;
    isWaiting.value = wantsToPlay.peek() && !isEnd && isStuck;
    if (isEnd) wantsToPlay.value = false;
  });
  if (total > 0 && video.readyState > 0) preferences.keepPlace(status, position.peek(), total);
  if (!change.isUnderWay()) considerPicture(parts, stalledSeconds);
}
