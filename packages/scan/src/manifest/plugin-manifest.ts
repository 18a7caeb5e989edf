import { z } from "zod";
import { configurationFieldSchema } from "./configuration-field.ts";

const text = z.string().max(2_000);
const named = text.min(1);
const name = z
  .string()
  .max(200)
  .regex(/^[a-zA-Z0-9*]+(\.[a-zA-Z0-9*]+)*$/, "expected words joined by dots");

const PLUGIN_ID = /^(@[a-z0-9-]+\/)?[a-z0-9-]+$/;

const CAPABILITIES = [
  "filesystem",
  "indexer",
  "library",
  "media-scan",
  "artwork-search",
  "convert",
] as const;

const playSchema = z.looseObject({
  episodic: z.boolean().optional(),
  seekable: z.boolean().optional(),
});

/** `plugin.json`: what is not known at its top level is refused, as by Aviato's own host. */
export const pluginManifestSchema = z.strictObject({
  id: z.string().max(100).regex(PLUGIN_ID, "expected a-z, 0-9 and -, for example my-plugin"),
  name: named,
  version: z
    .string()
    .max(100)
    .regex(/^\d+\.\d+\.\d+/, "expected three numbers, for example 1.0.0"),
  description: text.optional(),
  author: text.optional(),
  license: text.optional(),
  engine: z.enum(["bun", "node", "python", "binary"]),
  /** Relative to the plugin's folder, and inside it. */
  entry: named,
  aviato: z.strictObject({ minVersion: named }).optional(),
  capabilities: z.array(z.enum(CAPABILITIES)),
  mediaTypes: z.union([z.array(named), z.record(z.string(), playSchema)]).optional(),
  repository: z.url().optional(),
  homepage: z.url().optional(),
  dependencies: z.array(named).optional(),
  installScript: text.optional(),
  configuration: z.array(configurationFieldSchema).optional(),
  accounts: z.strictObject({ label: named, schema: z.array(configurationFieldSchema) }).optional(),
  capabilityConfig: z
    .strictObject({
      library: z.looseObject({}).optional(),
      filesystem: z.looseObject({}).optional(),
      convert: z.looseObject({ inputMimeTypes: z.array(named).min(1) }).optional(),
    })
    .optional(),
  subscriptions: z
    .strictObject({
      events: z.array(name).optional(),
      hooks: z
        .array(
          z.strictObject({
            name,
            order: z.int().min(0).max(100).default(50),
            requiresLocalFile: z.boolean().optional(),
          }),
        )
        .optional(),
      views: z.array(name).optional(),
    })
    .optional(),
  rateLimit: z
    .strictObject({
      maxConcurrency: z.int().positive().optional(),
      requests: z
        .array(
          z.strictObject({
            max: z.int().positive(),
            window: z.string().regex(/^\d+[smh]$/, "expected a time, for example 10s"),
          }),
        )
        .optional(),
    })
    .optional(),
  network: z
    .strictObject({ bypassPrivacyProxy: z.boolean().optional(), reason: text.optional() })
    .optional(),
});

/** What a plugin says of itself. */
export type PluginManifest = z.infer<typeof pluginManifestSchema>;
