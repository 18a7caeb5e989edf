import { z } from "zod";
import { CONTENTS } from "./profile.ts";
import { scanSchema } from "./source.ts";

/** The plugin that finds facts, and how they are kept: another version makes those that are there worthless. */
export const FACTS_PLUGIN = {
  id: "film-facts",
  type: "film-facts",
  algorithmVersion: "1",
} as const;

const rows = z.int().min(0).max(100_000);

/** What a plugin found out about a film, by some places of it; null: it could not be told. */
export const filmFactsSchema = z.object({
  /** How the fields of its pictures were taken, whatever the file says. */
  scan: scanSchema.nullable(),
  /** Drawn and rendered, or filmed. */
  content: z.object({ kind: z.enum(CONTENTS), why: z.string().max(1_000) }).nullable(),
  /** Black, of the coded picture. */
  bars: z.object({ top: rows, bottom: rows, left: rows, right: rows }).nullable(),
  /** Standard deviation of grain and noise, in levels of 255. */
  noise: z.number().min(0).max(255).nullable(),
  compression: z
    .object({
      is: z.enum(["light", "usual", "hard"]),
      /** Mean of what the codec divided by, as a part of the most that it can. */
      quantiser: z.number().min(0).max(1).nullable(),
      /** Steps at the edges of blocks, as a multiple of those elsewhere. */
      block_edges: z.number().min(0).max(1_000).nullable(),
    })
    .nullable(),
  cuts_per_minute: z.number().min(0).max(10_000).nullable(),
  /** Of its first sound, as EBU R128 measures it. */
  loudness: z
    .object({
      lufs: z.number().min(-200).max(100),
      range_lu: z.number().min(0).max(200),
      /** null: silence. */
      peak_db: z.number().min(-200).max(100).nullable(),
    })
    .nullable(),
});
export type FilmFacts = z.infer<typeof filmFactsSchema>;
