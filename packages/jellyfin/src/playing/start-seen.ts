import { toReason } from "@upreel/core";
import type { PathFinder } from "./path-finder.ts";
import type { Outcome, PlayedFilms } from "./played-films.ts";
import type { Sighting } from "./sighting.ts";

/** Starts the upscale of what somebody was seen playing, and tells its path; never rejects. */
export async function startSeen(
  { films, paths }: { readonly films: PlayedFilms; readonly paths: PathFinder },
  sighting: Sighting,
): Promise<{ readonly outcome: Outcome; readonly path: string | undefined }> {
  let { path } = sighting;
  try {
    const { itemId, mediaSourceId, title = path } = sighting;
    const file =
      path === undefined || title === undefined
        ? await paths.find(itemId, mediaSourceId)
        : { path, title };
    path = file.path;
    return { outcome: await films.start(sighting, file), path };
  } catch (thrown) {
    return { outcome: { kind: "failed", reason: toReason(thrown) }, path };
  }
}
