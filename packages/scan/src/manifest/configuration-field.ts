import { z } from "zod";

const INPUTS = [
  "text",
  "number",
  "toggle",
  "select",
  "multi-select",
  "string-list",
  "file-path",
  "color",
  "slider",
] as const;

const text = z.string().max(2_000);

/** One setting of a plugin, as its form would ask for it. */
export const configurationFieldSchema = z.strictObject({
  key: z.string().min(1).max(100),
  label: text,
  input: z.enum(INPUTS).default("text"),
  required: z.boolean().optional(),
  default: z.json().optional(),
  options: z.array(z.json()).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  description: text.optional(),
});
