import { readFile } from "node:fs/promises";
import { z } from "zod";

/** A network for faces that can be downloaded: `models/face-models.json`. */
const publicFaceModelSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9.-]+$/),
  name: z.string().min(1),
  /** What finds faces, or what restores them. */
  kind: z.enum(["detector", "restorer"]),
  /** SPDX identifier of the weights' licence. */
  licence: z.string().min(1),
  /** Whom to name. */
  credit: z.string().min(1),
  /** Pinned to a commit or a release; the sum decides. */
  url: z.url({ protocol: /^https$/ }),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size_bytes: z.int().positive(),
});
export type PublicFaceModel = z.infer<typeof publicFaceModelSchema>;

const MANIFEST = new URL("../../models/face-models.json", import.meta.url);

/** The networks for faces that Upreel knows where to get. */
export const readPublicFaceModels = async (
  file: URL = MANIFEST,
): Promise<readonly PublicFaceModel[]> =>
  z.array(publicFaceModelSchema).parse(JSON.parse(await readFile(file, "utf8")));
