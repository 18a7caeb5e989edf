import { z } from "zod";
import { UpreelError } from "../errors.ts";
import { CONTENTS, wantedScaleSchema } from "./profile.ts";

/** Built-in models by what they are for, best picture first; which network that is depends on the film. */
export const GRADES = ["best", "balanced", "fast", "fastest"] as const;
export type Grade = (typeof GRADES)[number];

export const isGrade = (model: string): model is Grade =>
  (GRADES as readonly string[]).includes(model);

/** Forms and rules give numbers as text. */
const asNumber = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    (value) => (typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value),
    schema,
  );

/** What may be wished for one film, by the name that requests and rules have for it. */
export const FILM_WISHES = {
  model: {
    schema: z.string().trim().min(1).max(200),
    expected: `auto, ${GRADES.toReversed().join(", ")}, or the id of a model (GET /models)`,
  },
  scale: {
    schema: asNumber(wantedScaleSchema),
    expected: "auto, a whole number from 1 to 8, or 1.5",
  },
  quality: {
    schema: asNumber(z.int().min(0).max(51)),
    expected: "a whole number from 0 (best) to 51",
  },
  target_height: {
    schema: asNumber(z.int().min(144).max(8640)),
    expected: "a whole number from 144 to 8640 (lines)",
  },
  sharpness: {
    schema: asNumber(z.number().min(0).max(1)),
    expected: "a number from 0 (faithful) to 1 (crisp)",
  },
  audio: {
    schema: asNumber(z.union([z.int().nonnegative(), z.string().regex(/^[a-z]{2,3}$/i)])),
    expected: "the index of a track in the file, or a language such as en or fre",
  },
  content: { schema: z.enum(CONTENTS), expected: CONTENTS.join(", ") },
  faces: { schema: z.enum(["on", "off"]), expected: "on or off" },
  face_strength: {
    schema: asNumber(z.number().min(0).max(1)),
    expected: "a number from 0 to 1: how much of a restored face is taken",
  },
} as const;

type Wishes = typeof FILM_WISHES;
export type WishName = keyof Wishes;

export const WISH_NAMES = Object.keys(FILM_WISHES) as readonly WishName[];

export const filmWishSchema = z.strictObject(
  Object.fromEntries(WISH_NAMES.map((name) => [name, FILM_WISHES[name].schema.optional()])) as {
    [Name in WishName]: z.ZodOptional<Wishes[Name]["schema"]>;
  },
);

/** How one film is to be made, where that is not as the settings say. */
export type FilmWish = Readonly<z.infer<typeof filmWishSchema>>;

/** The wishes among `fields`; others are left alone. Throws `bad_request` for a value that is none. */
export function readFilmWish(fields: Readonly<Record<string, unknown>>): FilmWish {
  const wish: Record<string, unknown> = {};
  for (const name of WISH_NAMES) {
    const given = fields[name];
    if (given === undefined || given === null || given === "") continue;
    const { schema, expected } = FILM_WISHES[name];
    const read = schema.safeParse(given);
    if (!read.success)
      throw new UpreelError("bad_request", `${name} cannot be used`, {
        expected,
        got: JSON.stringify(given).slice(0, 100),
      });
    wish[name] = read.data;
  }
  return wish as FilmWish;
}

/** Whether two names of a language (`fre`, `fra`, `fr`) mean the same one. */
export function isSameLanguage(one: string, other: string): boolean {
  try {
    const [a, b] = Intl.getCanonicalLocales([one, other]).map((each) => each.split("-")[0]);
    // Equal ones are given once.
    return b === undefined || a === b;
  } catch {
    return false;
  }
}
