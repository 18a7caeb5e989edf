import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isPartPath } from "../new-file.ts";

const begunExportSchema = z.object({
  format: z.enum(["mkv", "mp4"]),
  /** What it is written under until it is complete. */
  part: z.string().refine(isPartPath),
});
/** An export that a stop of the gateway interrupted. */
type BegunExport = z.infer<typeof begunExportSchema>;

const markOf = (dataDir: string, id: string): string => join(dataDir, "streams", id, "export.json");

/** Notes in the stream's folder that a film is being exported: the next start sees it. */
export const beginExport = (dataDir: string, id: string, begun: BegunExport): Promise<void> =>
  writeFile(markOf(dataDir, id), JSON.stringify(begun));

export const endExport = (dataDir: string, id: string): Promise<void> =>
  rm(markOf(dataDir, id), { force: true }).catch(() => undefined);

/** The export that a stop interrupted, if any; what it had written is deleted. */
export async function takeBegunExport(
  dataDir: string,
  id: string,
): Promise<BegunExport | undefined> {
  const text = await readFile(markOf(dataDir, id), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  await endExport(dataDir, id);
  const begun = begunExportSchema.safeParse(parseJson(text)).data;
  if (begun !== undefined) await rm(begun.part, { force: true }).catch(() => undefined);
  return begun;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Cut by the stop.
    return undefined;
  }
}
