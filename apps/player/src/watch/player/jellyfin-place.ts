import type { FilmPlace, PlaceAnswer, StreamStatus } from "@upreel/core";
import { call } from "../../api/gateway.ts";
import type { Player } from "./player-controls.ts";
import { preferences } from "../../playback/preferences.ts";

/** Places nearer to each other than this are one. */
const SAME_SECONDS = 15;
/** Who has watched for longer is not taken elsewhere. */
const LATEST_SECONDS = 10;

/** Where the film goes on by what Jellyfin says; undefined where this browser's own place is the newer one, or the same. */
export function newerPlace(
  own: { readonly seconds: number; readonly atMs: number },
  jellyfin: FilmPlace | null,
): number | undefined {
  if (jellyfin === null || jellyfin.at_ms <= own.atMs) return undefined;
  return Math.abs(jellyfin.seconds - own.seconds) < SAME_SECONDS ? undefined : jellyfin.seconds;
}

/** Takes a film that has just begun to where its viewer left it in Jellyfin, if that was later than here. */
export async function resumeFromJellyfin(
  watched: Pick<StreamStatus, "id" | "film">,
  player: Pick<Player, "position" | "resume">,
  signal: AbortSignal,
): Promise<void> {
  const own = preferences.placeOf(watched);
  const answer = await call<PlaceAnswer>(`place/${watched.id}`, { signal }).catch(() => undefined);
  const seconds = newerPlace(own, answer?.place ?? null);
  const watchedFor = player.position.peek() - own.seconds;
  if (signal.aborted || seconds === undefined) return;
  if (watchedFor >= 0 && watchedFor < LATEST_SECONDS) player.resume(seconds);
}
