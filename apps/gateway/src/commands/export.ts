import type { ExportFormat } from "@upreel/media";
import { recordsOnDisk } from "@upreel/watcher";
import { loadConfig } from "../config.ts";
import { exportStream } from "@upreel/engine";
import { readChapters } from "@upreel/scan";
import { directFiles } from "@upreel/sources";
import { BUILT_IN_PLUGINS } from "../scans/built-in.ts";
import { namedParts } from "../scans/named-parts.ts";
import { untilSignalled } from "../shutdown.ts";

/** `upreel export <id>`: a finished film as one file with all tracks of its source. */
export async function exportCommand(
  id: string,
  options: { readonly format?: ExportFormat },
): Promise<void> {
  const config = loadConfig();
  const configured = config.exportFormat === "off" ? "mkv" : config.exportFormat;
  const format = options.format ?? configured;
  const { file, leftOut } = await exportStream(
    config,
    {
      files: directFiles(),
      records: recordsOnDisk(config.dataDir),
      partsOf: async (file) =>
        namedParts(
          await readChapters(config.dataDir, BUILT_IN_PLUGINS, file, {
            warn: (text) => console.error(text),
          }),
        ),
    },
    { id, format },
    untilSignalled(),
  );
  for (const track of leftOut) console.error(`not in this file: ${track}`);
  console.log(file);
}
