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

/** Of whichever format, as releases up to 0.4.0 noted it. */
const olderPathOf = (dataDir: string, id: string): string =>
  join(dataDir, "streams", id, "export.json");
const olderMarkOf = (dataDir: string, id: string): JsonFile<BegunExport> =>
  new JsonFile(olderPathOf(dataDir, id), begunExportSchema, { isDurable: true });

/** Notes in the stream's folder that a film is being exported: the next start sees it. */
export const beginExport = (dataDir: string, id: string, begun: BegunExport): Promise<void> =>
  markOf(dataDir, { id, format: begun.format }).write(begun);

/** Of the export that writes `part`, and no other: a gateway that stood still ends after its successor has begun. */
export async function endExport(dataDir: string, key: ExportKey, part: string): Promise<void> {
  const begun = await markOf(dataDir, key).readOrForget();
  if (begun?.part === part) await forgetExport(dataDir, key);
}

const forgetExport = (dataDir: string, key: ExportKey): Promise<void> =>
  rm(pathOf(dataDir, key), { force: true }).catch(() => undefined);

/** The exports of this stream that go on, or that a stop interrupted. */
export async function readBegunExports(
  dataDir: string,
  id: string,
): Promise<readonly BegunExport[]> {
  const marks = exportFormatSchema.options.map((format) => markOf(dataDir, { id, format }));
  const all = [...marks, olderMarkOf(dataDir, id)];
  const found = await Promise.all(all.map((mark) => mark.readOrForget()));
  return found.filter((begun) => begun !== undefined);
}

/** Forgets those of this format; what they had written is deleted. */
export async function dropBegunExports(dataDir: string, key: ExportKey): Promise<void> {
  const begun = await readBegunExports(dataDir, key.id);
  const older = await olderMarkOf(dataDir, key.id).readOrForget();
  await forgetExport(dataDir, key);
  if (older?.format === key.format)
    await rm(olderPathOf(dataDir, key.id), { force: true }).catch(() => undefined);
  for (const { format, part } of begun)
    if (format === key.format) await rm(diskName(part), { force: true }).catch(() => undefined);
}
