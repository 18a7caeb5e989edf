import { z } from "zod";

/** What `GET /files` says of a film or a folder in one of the folders that are open to Upreel. */
const folderEntrySchema = z.object({
  name: z.string(),
  /** Absolute, as the trigger takes it. */
  path: z.string(),
  kind: z.enum(["folder", "film"]),
  /** null for a folder. */
  size_bytes: z.int().nullable(),
  /** null for a folder. */
  modified_ms: z.number().nullable(),
  /** Where a link leads; left out where the path is the place itself. */
  real_path: z.string().optional(),
});
export type FolderEntry = z.infer<typeof folderEntrySchema>;

/** `GET /files`. */
export const folderListingSchema = z.object({
  /** null for the list of the open folders themselves. */
  path: z.string().nullable(),
  /** Where "up" leads: null to the list of open folders; left out there. */
  parent: z.string().nullish(),
  entries: z.array(folderEntrySchema),
  /** More than are listed. */
  is_cut: z.boolean(),
});
export type FolderListing = z.infer<typeof folderListingSchema>;

/** One setting of `GET /settings`. */
const settingSchema = z.object({
  name: z.string(),
  /** The value in use from the next start on; a secret only says whether it is set. */
  value: z.unknown(),
  /** The same as one would write it in the environment; empty for none and for secrets. */
  text: z.string(),
  is_secret: z.boolean(),
  origin: z.enum(["environment", "dashboard", "file", "default"]),
  /** False where the environment decides, or what finds this very file. */
  can_change: z.boolean(),
  /** False: a change takes effect with the next film that is started. */
  needs_restart: z.boolean(),
  /** True while the gateway runs with another value than `value`. */
  is_waiting: z.boolean(),
  expected: z.string(),
  description: z.string(),
  /** JSON Schema of the value, for a fitting control. */
  schema: z.record(z.string(), z.unknown()),
});
export type Setting = z.infer<typeof settingSchema>;

/** `GET` and `PUT /settings`. */
export const settingsAnswerSchema = z.object({ settings: z.array(settingSchema) });
export type SettingsAnswer = z.infer<typeof settingsAnswerSchema>;

/** One thing that `GET /doctor` has looked at: what was found, in plain words, and how to fix it. */
const findingSchema = z.object({
  what: z.string(),
  /** `note`: not there, and not needed. */
  verdict: z.enum(["good", "note", "warning", "bad"]),
  message: z.string(),
  /** How to fix it: a command or a setting. */
  fix: z.string().optional(),
  /** What both say, for pages in other languages: one of `FINDING_TEXTS`, and what stands in its places. */
  code: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Finding = z.infer<typeof findingSchema>;

/** `GET /doctor`. */
export const doctorAnswerSchema = z.object({ findings: z.array(findingSchema) });
export type DoctorAnswer = z.infer<typeof doctorAnswerSchema>;
