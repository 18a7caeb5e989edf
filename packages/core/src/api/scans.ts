import { z } from "zod";
import { filmFactsSchema } from "../film/film-facts.ts";

const PLUGIN_STATES = [
  "discovered",
  "starting",
  "running",
  "stopping",
  "stopped",
  "error",
] as const;

const pluginSchema = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  description: z.string().nullable(),
  /** What runs it: `node`, `python`, `bun` or `binary`. */
  engine: z.string(),
  /** What it says that it can do; Upreel uses `media-scan` alone. */
  capabilities: z.array(z.string()),
  /** Kinds of films that it is for, `movies` or `tv`; none: for all. */
  media_types: z.array(z.string()),
  /** Names of the events that it is told, with * for a word. */
  events: z.array(z.string()),
  /** Folders whose films it does not look at. */
  off_in: z.array(z.string()),
  /** It comes with Upreel. */
  is_built_in: z.boolean(),
  is_enabled: z.boolean(),
  /** Of its process, which is there when it is needed. */
  state: z.enum(PLUGIN_STATES),
  /** Why it is in `error`. */
  reason: z.string().nullable(),
  /** Files that it has looked at, and intros and credits that it found in them. */
  files: z.int(),
  chapters: z.int(),
});

const refusedPluginSchema = z.object({
  folder: z.string(),
  /** What is wrong in its `plugin.json`, and where: `capabilities.0`. */
  issues: z.array(z.object({ path: z.string(), message: z.string() })),
});

/** One film, with the season that it is of, and what plugins made of it. */
export const scanJobSchema = z.object({
  /** Of the film for which it was begun. */
  path: z.string(),
  state: z.enum(["waiting", "running", "done", "failed"]),
  wanted_ms: z.number(),
  /** Films that are looked at together: the episodes of a season. */
  films: z.int().nullable(),
  tasks: z.array(
    z.object({
      plugin: z.string(),
      /** `skipped`: the plugin was not asked; `skipped` says why. */
      state: z.enum(["running", "done", "known", "skipped", "failed"]),
      /** null while it runs, and where it was not asked. */
      seconds: z.number().nullable(),
      chapters: z.int(),
      fingerprints: z.int(),
      /** How many films were skipped, by reason. */
      skipped: z.record(z.string(), z.int()),
      reason: z.string().nullable(),
      /** Of the film for which it was begun, where the plugin finds facts. */
      facts: filmFactsSchema.nullable().default(null),
    }),
  ),
  reason: z.string().nullable(),
});

/** `GET /scans`: plugins, and what they look at, the newest first. */
export const scansAnswerSchema = z.object({
  /** Whether films are looked at by themselves (`SCANS`). */
  is_on: z.boolean(),
  /** How plugins are kept apart from the machine. */
  sandbox: z.enum(["bubblewrap", "none"]),
  /** Why there is no sandbox. */
  sandbox_reason: z.string().nullable(),
  plugins: z.array(pluginSchema),
  refused: z.array(refusedPluginSchema),
  jobs: z.array(scanJobSchema),
});
export type ScansAnswer = z.infer<typeof scansAnswerSchema>;
export type ScanJob = ScansAnswer["jobs"][number];

/** `PUT /plugins/{id}`. */
export const pluginChangeSchema = z.strictObject({
  is_enabled: z.boolean(),
  /** For the films in this folder alone. */
  library: z.string().min(1).max(4_096).optional(),
});

/** `GET /plugins/{id}/logs`: the last lines. */
export const pluginLogsSchema = z.object({
  lines: z.array(
    z.object({
      at_ms: z.number(),
      level: z.enum(["debug", "info", "warn", "error"]),
      text: z.string(),
    }),
  ),
});
export type PluginLogs = z.infer<typeof pluginLogsSchema>;

/** `GET /segments/{id}`: parts of a film that can be skipped. */
export const filmSegmentsSchema = z.object({
  segments: z.array(
    z.object({
      type: z.enum(["intro", "credits"]),
      start_seconds: z.number(),
      end_seconds: z.number(),
    }),
  ),
});
export type FilmSegments = z.infer<typeof filmSegmentsSchema>;
