import type { Priority, Profile } from "@upreel/core";
import type { Streams, TriggerResult } from "@upreel/streams";
import type { Config } from "./config.ts";
import { locateSource } from "./source-file.ts";

/** The profile that the configuration asks for. */
const configuredProfile = (config: Config): Profile => ({
  model: config.model,
  scale: config.scale,
  encoder: config.videoEncoder,
  quality: config.quality,
});

/** The one way a film starts: from the trigger route and from the command line. */
export async function triggerFilm(
  { config, roots, streams }: { config: Config; roots: readonly string[]; streams: Streams },
  film: { path: string; title: string; priority?: Priority | undefined },
): Promise<TriggerResult> {
  const file = await locateSource(film.path, roots);
  const { title, priority } = film;
  const profile = configuredProfile(config);
  const result = await streams.trigger({ file, title, priority, profile });
  // One that was removed meanwhile has nothing to keep.
  const folder = await streams.folder(result.id).catch(() => undefined);
  folder?.noteWanted();
  return result;
}
