import { z } from "zod";
import { ERROR_CODES } from "../errors.ts";
import { toldSchema } from "../told/told.ts";

/** What somebody can do with a film now, in the order in which it is looked for. */
export const FILM_BADGES = [
  "ready",
  // Complete, and enlarged without a network.
  "enlarged",
  "upscaling",
  "waiting",
  // All of it is upscaled: a better model makes parts again, it is put together, or more of it is still being written.
  "improving",
  "finishing",
  "following",
  "paused",
  "failed",
  "live",
  "later",
  "original",
  "unknown",
] as const;

export const FILM_SORTS = ["title", "added", "year", "length", "size"] as const;
export type FilmSort = (typeof FILM_SORTS)[number];

/** One film of `GET /films`. */
const filmSchema = z.object({
  /** Of this file as it is: another one after the file has changed. */
  id: z.string(),
  title: z.string(),
  year: z.int().nullable(),
  /** Absolute, as the trigger takes it. */
  path: z.string(),
  size_bytes: z.int(),
  /** When its file was last written. */
  added_ms: z.number(),
  /** null until its file was looked into. */
  duration_seconds: z.number().nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  /** Path of a picture below this address; null until there is one. */
  poster: z.string().nullable(),
  /** The stream that plays it upscaled; null before it was started. */
  stream: z.string().nullable(),
  /** All streams of it: the same film by several settings. */
  versions: z.array(z.string()),
  /** By which they name it (`film` of a stream's status); null before there is one. */
  film: z.string().nullable(),
  badge: z.object({
    kind: z.enum(FILM_BADGES),
    /** Until it is ready, of `upscaling`, `waiting` and `later`. */
    seconds: z.number().nullable(),
    /** Share that is upscaled, 0 to 1. */
    ratio: z.number(),
    /** Why the original is recommended, or what failed. */
    reason: z.string().nullable(),
    /** The same by codes, for pages in other languages: a sentence, or an error. */
    reason_told: toldSchema.nullable(),
    reason_code: z.enum(ERROR_CODES).nullable(),
  }),
});
export type Film = z.infer<typeof filmSchema>;

/** `GET /films`. */
export const filmsAnswerSchema = z.object({
  films: z.array(filmSchema),
  /** That match, of which `films` is a part. */
  total: z.int(),
  /** Folders in the one that was asked for, with how many films are in each. */
  folders: z.array(z.object({ name: z.string(), path: z.string(), films: z.int() })),
  /** Where "up" leads from the folder that was asked for; null to all films. */
  parent: z.string().nullable(),
  /** The folders are still being read: more may come. */
  is_scanning: z.boolean(),
  /** Of `films`, those that are still to be looked into. */
  pending: z.int(),
  /** More films than are listed at all. */
  is_cut: z.boolean(),
  /** Film folders that are set; with none, there is nothing to show. */
  roots: z.int(),
  /** Film folders that cannot be read now. */
  unreadable: z.array(z.string()),
  /** Shape of the posters. */
  poster_shape: z.enum(["portrait", "landscape"]),
});
export type FilmsAnswer = z.infer<typeof filmsAnswerSchema>;

const filmChoiceSchema = z.object({
  /** As a trigger takes it: `auto` or a grade. */
  model: z.string(),
  /** Of the model that this comes to. */
  id: z.string(),
  name: z.string(),
  good_at: z.string().nullable(),
  width: z.int(),
  height: z.int(),
  /** Film seconds made in a second; null: not measured. */
  expected_speed: z.number().nullable(),
  /** What the whole film takes. */
  making_seconds: z.number().nullable(),
  /** What the finished film takes on the disk, roughly: scenes differ. */
  disk_bytes: z.int(),
  /** Whether it can be watched while it is made. */
  is_live: z.boolean().nullable(),
});
export type FilmChoice = z.infer<typeof filmChoiceSchema>;

/** `GET /choices`: how one film can be made. */
export const filmChoicesSchema = z.object({
  path: z.string(),
  /** As it is now. */
  width: z.int(),
  height: z.int(),
  duration_seconds: z.number(),
  choices: z.array(filmChoiceSchema),
});
export type FilmChoices = z.infer<typeof filmChoicesSchema>;

const filmPlaceSchema = z.object({
  /** 0 of a film that was seen to its end. */
  seconds: z.number(),
  /** When it was left there, in milliseconds since 1970. */
  at_ms: z.number(),
});
/** Where a viewer left a film. */
export type FilmPlace = z.infer<typeof filmPlaceSchema>;

/** `GET /place/:id`: where Jellyfin says that its viewer left the film; null where nobody may be told, or nothing is known. */
export const placeAnswerSchema = z.object({ place: filmPlaceSchema.nullable() });
export type PlaceAnswer = z.infer<typeof placeAnswerSchema>;
