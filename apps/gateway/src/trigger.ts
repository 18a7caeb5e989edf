import type { Content, FileIdentity, Priority, Profile, StreamStatus } from "@upreel/core";
import type { Streams, TriggerResult } from "@upreel/streams";
import type { Config } from "./config.ts";
import { locateSource } from "./source-file.ts";

/** The profile that the configuration asks for. */
const configuredProfile = (config: Config, content = config.content): Profile => ({
  model: config.model,
  scale: config.scale,
  encoder: config.videoEncoder,
  quality: config.quality,
  ...(content === undefined ? {} : { content }),
});

/** The stream of a film, if there is one. Throws what `locateSource` throws. */
export async function findFilm(
  { config, roots, streams }: { config: Config; roots: readonly string[]; streams: Streams },
  path: string,
): Promise<StreamStatus | undefined> {
  const file = await locateSource(path, roots);
  return streams.find({ file, profile: configuredProfile(config) });
}

/** The one way a film starts: from the trigger route and from the command line. */
export async function triggerFilm(
  { config, roots, streams }: { config: Config; roots: readonly string[]; streams: Streams },
  film: {
    path: string;
    title: string;
    priority?: Priority | undefined;
    content?: Content | undefined;
  },
): Promise<TriggerResult> {
  const file = await locateSource(film.path, roots);
  const { title, priority, content } = film;
  const profile = configuredProfile(config, content);
  const result = await streams.trigger({ file, title, priority, profile });
  // One that was removed meanwhile has nothing to keep.
  const folder = await streams.folder(result.id).catch(() => undefined);
  folder?.noteWanted();
  return result;
}

/** What playing this film would wait for, done beforehand. Throws what `locateSource` throws. */
export async function prepareFilm(
  {
    config,
    roots,
    prepare,
  }: {
    config: Config;
    roots: readonly string[];
    prepare: (file: FileIdentity, profile: Profile) => Promise<void>;
  },
  path: string,
): Promise<void> {
  await prepare(await locateSource(path, roots), configuredProfile(config));
}
