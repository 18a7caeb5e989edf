import { rm } from "node:fs/promises";
import { join } from "node:path";
import { JsonFile, diskName, isPartPath } from "@upreel/files";
import { z } from "zod";

export const exportFormatSchema = z.enum(["mkv", "mp4"]);
const begunExportSchema = z.object({
  format: exportFormatSchema,
  /** What it is written under until it is complete. */
  part: z.string().refine(isPartPath),
});
/** An export that a stop of the gateway interrupted. */
type BegunExport = z.infer<typeof begunExportSchema>;

const pathOf = (dataDir: string, id: string): string => join(dataDir, "streams", id, "export.json");
const markOf = (dataDir: string, id: string): JsonFile<BegunExport> =>
  new JsonFile(pathOf(dataDir, id), begunExportSchema, { isDurable: true });

/** Notes in the stream's folder that a film is being exported: the next start sees it. */
export const beginExport = (dataDir: string, id: string, begun: BegunExport): Promise<void> =>
  markOf(dataDir, id).write(begun);

export const endExport = (dataDir: string, id: string): Promise<void> =>
  rm(pathOf(dataDir, id), { force: true }).catch(() => undefined);

/** The export of this stream that goes on, or that a stop interrupted. */
export const readBegunExport = (dataDir: string, id: string): Promise<BegunExport | undefined> =>
  markOf(dataDir, id).readOrForget();

/** The same; what it had written is deleted. */
export async function takeBegunExport(
  dataDir: string,
  id: string,
): Promise<BegunExport | undefined> {
  const begun = await readBegunExport(dataDir, id);
  await endExport(dataDir, id);
  if (begun !== undefined) await rm(diskName(begun.part), { force: true }).catch(() => undefined);
  return begun;
}
