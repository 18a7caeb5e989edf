import { rm } from "node:fs/promises";
import { join } from "node:path";
import { JsonFile, diskName, isPartPath } from "@upreel/files";
import type { ExportFormat } from "@upreel/media";
import { z } from "zod";

export const exportFormatSchema = z.enum(["mkv", "mp4"]);
const begunExportSchema = z.object({
  format: exportFormatSchema,
  /** What it is written under until it is complete. */
  part: z.string().refine(isPartPath),
});
/** An export that a stop of the gateway interrupted. */
type BegunExport = z.infer<typeof begunExportSchema>;

/** Of one format of a stream: another gateway may be writing the other one. */
interface ExportKey {
  readonly id: string;
  readonly format: ExportFormat;
}

const pathOf = (dataDir: string, { id, format }: ExportKey): string =>
  join(dataDir, "streams", id, `export-${format}.json`);
const markOf = (dataDir: string, key: ExportKey): JsonFile<BegunExport> =>
  new JsonFile(pathOf(dataDir, key), begunExportSchema, { isDurable: true });

/** Notes in the stream's folder that a film is being exported: the next start sees it. */
export const beginExport = (dataDir: string, id: string, begun: BegunExport): Promise<void> =>
  markOf(dataDir, { id, format: begun.format }).write(begun);

export const endExport = (dataDir: string, key: ExportKey): Promise<void> =>
  rm(pathOf(dataDir, key), { force: true }).catch(() => undefined);

/** The exports of this stream that go on, or that a stop interrupted. */
export async function readBegunExports(
  dataDir: string,
  id: string,
): Promise<readonly BegunExport[]> {
  const marks = exportFormatSchema.options.map((format) => markOf(dataDir, { id, format }));
  const found = await Promise.all(marks.map((mark) => mark.readOrForget()));
  return found.filter((begun) => begun !== undefined);
}

/** Forgets the one of this format; what it had written is deleted. */
export async function dropBegunExport(dataDir: string, key: ExportKey): Promise<void> {
  const begun = await markOf(dataDir, key).readOrForget();
  await endExport(dataDir, key);
  if (begun !== undefined) await rm(diskName(begun.part), { force: true }).catch(() => undefined);
}
