import { toReason } from "@upreel/core";
import type { PathFinder } from "./path-finder.ts";
import type { Outcome, PlayedFilms } from "./played-films.ts";
import type { Sighting } from "./sighting.ts";

/** Starts the upscale of what somebody was seen playing; never rejects. */
export async function startSeen(
  { films, paths }: { readonly films: PlayedFilms; readonly paths: PathFinder },
  sighting: Sighting,
): Promise<Outcome> {
  try {
    const { itemId, mediaSourceId, path, title = path } = sighting;
    const file =
      path === undefined || title === undefined
        ? await paths.find(itemId, mediaSourceId)
        : { path, title };
    return await films.start(sighting, file);
  } catch (thrown) {
    return { kind: "failed", reason: toReason(thrown) };
  }
}
