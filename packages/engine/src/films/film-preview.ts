import { createHash } from "node:crypto";
import { readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { FileIdentity, Profile } from "@upreel/core";
import type { Plan } from "@upreel/streams";
import type { Stills } from "../renditions/stills.ts";
import { configuredProfile, type FilmSettings } from "./trigger.ts";

/** Where in a film it is looked at: not in its titles, and not in its credits. */
const SCENES_AT = [0.2, 0.5, 0.8] as const;
export const PREVIEW_SCENES = SCENES_AT.length;

/** Somebody chooses between a few films; a few megabytes a picture. */
const MOST_FILMS = 5;

/** Which picture of a film, and what enlarges it: `ORIGINAL` or the id of a model. */
export interface PreviewWish {
  /** 0 to `PREVIEW_SCENES` - 1. */
  readonly scene: number;
  readonly model: string;
}

/**
 * Path of a PNG: a picture of a film that nobody has begun, as a model would make it. Kept as long as few other films are
 * looked at. `signal`: nobody wants it any more. Throws what the planner and the making throw.
 */
export type FilmPreview = (
  file: FileIdentity,
  wish: PreviewWish,
  signal: AbortSignal,
) => Promise<string>;

export interface PreviewParts {
  readonly settings: FilmSettings;
  readonly dataDir: string;
  /** Remembers a film for the stream that may follow. */
  readonly planner: {
    readonly prepare: (file: FileIdentity, profile: Profile) => Promise<Plan>;
  };
  readonly stills: Pick<Stills, "still">;
}

export function createFilmPreview({
  settings,
  dataDir,
  planner,
  stills,
}: PreviewParts): FilmPreview {
  const films = join(dataDir, "previews");
  /** Films of which pictures are being made; one for each picture. */
  const wanted: string[] = [];
  return async (file, { scene, model }, signal) => {
    const profile = configuredProfile(settings, { model: "auto" });
    const { source, timeline, output } = await planner.prepare(file, profile);
    const key = keyOf(file);
    const film = { id: key, folder: join(films, key), source, timeline, output, profile };
    const frame = Math.floor(timeline.frameCount * (SCENES_AT[scene] ?? SCENES_AT[0]));
    wanted.push(key);
    try {
      const path = await stills.still(film, frame, model, signal);
      await keepLatest(films, key, wanted);
      return path;
    } finally {
      wanted.splice(wanted.indexOf(key), 1);
    }
  };
}

/** Another one when the file is replaced. */
const keyOf = ({ path, sizeBytes, modifiedMs }: FileIdentity): string =>
  createHash("sha256")
    .update(JSON.stringify([path, sizeBytes, Math.trunc(modifiedMs)]))
    .digest("hex")
    .slice(0, 32);

/** Deletes pictures of the films that were looked at the longest ago, and of which none is `wanted` now. */
async function keepLatest(films: string, key: string, wanted: readonly string[]): Promise<void> {
  const now = new Date();
  await utimes(join(films, key), now, now).catch(() => undefined);
  const names = await readdir(films);
  if (names.length <= MOST_FILMS) return;
  const times = await Promise.all(
    names.map(async (name) => ({
      name,
      ms: (await stat(join(films, name)).catch(() => undefined))?.mtimeMs ?? 0,
    })),
  );
  const old = times.toSorted((a, b) => b.ms - a.ms).slice(MOST_FILMS);
  for (const { name } of old.filter((each) => !wanted.includes(each.name)))
    // What is still written to, as its maker is being ended, goes next time.
    await rm(join(films, name), { recursive: true, force: true }).catch(() => undefined);
}
