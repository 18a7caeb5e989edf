import {
  UpreelError,
  type FilmWish,
  type Priority,
  type Profile,
  type StreamView,
} from "@upreel/core";
import type { Streams, TriggerRequest, TriggerResult } from "@upreel/streams";
import type { EngineSettings } from "../settings.ts";
import type { EvictedFilms } from "../disk/evicted-films.ts";
import type { MediaFiles } from "@upreel/sources";

/** The settings that say how a film is made. */
export type FilmSettings = Pick<
  EngineSettings,
  "model" | "scale" | "videoEncoder" | "quality" | "content" | "faces"
>;

/** The profile that the configuration asks for, but for what is wished of this film. */
export function configuredProfile(config: FilmSettings, wish: FilmWish = {}): Profile {
  const { content = config.content, target_height: targetHeight, audio, sharpness } = wish;
  const isOn = wish.faces === undefined ? config.faces.isOn : wish.faces === "on";
  const strength = wish.face_strength ?? config.faces.strength;
  return {
    model: wish.model ?? config.model,
    scale: wish.scale ?? config.scale,
    encoder: config.videoEncoder,
    quality: wish.quality ?? config.quality,
    ...(content === undefined ? {} : { content }),
    ...(targetHeight === undefined ? {} : { targetHeight }),
    ...(sharpness === undefined ? {} : { sharpness }),
    ...(audio === undefined ? {} : { audio }),
    ...(isOn && strength > 0 && { faces: strength }),
  };
}

/** Who finds, and starts, films. */
export interface FilmDependencies {
  readonly config: FilmSettings;
  readonly files: MediaFiles;
  readonly roots: readonly string[];
  readonly streams: Streams;
}

/** The stream of a film, if there is one. Throws what `MediaFiles.locate` throws. */
export async function findFilm(
  { config, files, roots, streams }: FilmDependencies,
  path: string,
  wish?: FilmWish,
): Promise<StreamView | undefined> {
  const file = await files.locate(path, roots);
  return streams.find({ file, profile: configuredProfile(config, wish) });
}

/** The one way a film starts: from the trigger route and from the command line. */
export async function triggerFilm(
  { config, files, roots, streams }: FilmDependencies,
  film: {
    path: string;
    title: string;
    priority?: Priority | undefined;
    wish?: FilmWish | undefined;
    /** Just so, whatever settings and wish say. */
    profile?: Profile | undefined;
    fromSeconds?: number | undefined;
  },
): Promise<TriggerResult> {
  const file = await files.locate(film.path, roots);
  const { title, priority, wish, fromSeconds } = film;
  const profile = film.profile ?? configuredProfile(config, wish);
  return startStream(streams, { file, title, priority, profile, fromSeconds });
}

async function startStream(streams: Streams, request: TriggerRequest): Promise<TriggerResult> {
  const result = await streams.trigger(request);
  // One that was removed meanwhile has nothing to keep.
  const folder = await streams.folder(result.id).catch(() => undefined);
  folder?.noteWanted();
  return result;
}

interface EvictionDependencies {
  readonly files: MediaFiles;
  readonly roots: readonly string[];
  readonly streams: Streams;
  readonly evicted: EvictedFilms;
}

/**
 * The stream goes on; one that was deleted to make room is made again. Throws what `Streams.resume`
 * and `MediaFiles.locate` throw.
 */
export async function resumeStream(
  deps: EvictionDependencies,
  id: string,
  priority?: "background",
): Promise<void> {
  try {
    await deps.streams.resume(id, priority);
  } catch (thrown) {
    const isGone = thrown instanceof UpreelError && thrown.code === "stream_not_found";
    if (!isGone || !(await makeEvictedAgain(deps, id, priority))) throw thrown;
  }
}

/**
 * Begins anew with a stream that was deleted to make room; false when none of this id was, or when its
 * film is not what it was. Throws what `MediaFiles.locate` throws.
 */
export async function makeEvictedAgain(
  { files, roots, streams, evicted }: EvictionDependencies,
  id: string,
  priority?: Priority,
): Promise<boolean> {
  const film = await evicted.find(id);
  if (film === undefined) return false;
  const { title, profile } = film;
  const file = await files.locate(film.file.path, roots);
  const isSame = file.sizeBytes === film.file.sizeBytes && file.modifiedMs === film.file.modifiedMs;
  if (!isSame) return false;
  // One that was begun while it was being written has another id than its file.
  await startStream(streams, { id, file, title, profile, priority });
  return true;
}
