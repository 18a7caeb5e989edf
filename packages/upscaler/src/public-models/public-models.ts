import { readFile } from "node:fs/promises";
import { z } from "zod";
import { isModelId } from "../import/model-id.ts";

/** A model that can be downloaded: `models/public-models.json`. */
const publicModelSchema = z.strictObject({
  id: z.string().refine(isModelId),
  name: z.string().min(1),
  good_at: z.string().min(1),
  /** What it was made for. */
  content: z.enum(["any", "animation", "film"]),
  /** SPDX identifier of the weights' licence. */
  licence: z.string().min(1),
  /** Whom to name. */
  credit: z.string().min(1),
  scale: z.int().min(1).max(8),
  /** Stored numbers. */
  weights: z.int().positive(),
  /** Pinned to a commit: what is there never changes. */
  url: z.url({ protocol: /^https$/ }),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size_bytes: z.int().positive(),
});
export type PublicModel = z.infer<typeof publicModelSchema>;

const MANIFEST = new URL("../../models/public-models.json", import.meta.url);

/** The public models that Upreel knows where to get. */
export async function readPublicModels(file: URL = MANIFEST): Promise<readonly PublicModel[]> {
  return z.array(publicModelSchema).parse(JSON.parse(await readFile(file, "utf8")));
}
