import PQueue from "p-queue";
import { toUpreelError, type StreamView, type Log } from "@upreel/core";
import type { ExportFormat } from "@upreel/media";
import type { Streams } from "@upreel/streams";
import type { EngineSettings } from "../settings.ts";
import { takeBegunExport } from "./begun-export.ts";
import {
  exportStream,
  type ExportConfig,
  type ExportedFilm,
  type FinishedFilms,
} from "./export-stream.ts";

export interface Exporter extends AsyncDisposable {
  /** One export at a time; settles when it is done. Throws as `exportStream`. */
  exportNow(id: string, format: ExportFormat): Promise<ExportedFilm>;
}

/** Exports each film when it is finished (`EXPORT`), and what a stop of the gateway interrupted. */
export function createExporter(
  config: ExportConfig & Pick<EngineSettings, "exportFormat">,
  {
    streams,
    log,
    onExported,
    ...films
  }: FinishedFilms & {
    readonly streams: Streams;
    readonly log: Log;
    readonly onExported: (file: string) => void;
  },
): Exporter {
  const closing = new AbortController();
  const { exportFormat } = config;
  /** Exports follow each other: two would only be slower together. */
  const queue = new PQueue({ concurrency: 1 });
  const exportNow = (id: string, format: ExportFormat): Promise<ExportedFilm> =>
    queue.add(async () => {
      closing.signal.throwIfAborted();
      const exported = await exportStream(config, films, { id, format }, closing.signal);
      onExported(exported.file);
      return exported;
    });

  async function exportAndTell({ id, title }: StreamView, format: ExportFormat): Promise<void> {
    try {
      const { file, leftOut } = await exportNow(id, format);
      const without = leftOut.length === 0 ? "" : `, without ${leftOut.join("; ")}`;
      log.info(`${title}: exported to ${file}${without}`);
    } catch (thrown) {
      if (closing.signal.aborted) return;
      const { message, got } = toUpreelError(thrown);
      log.error(`${title} could not be exported: ${message}`, { stream: id, got });
    }
  }

  const unfinished = new Set(
    streams
      .list()
      .filter(({ state }) => state !== "complete")
      .map(({ id }) => id),
  );
  const onStatus = (status: StreamView, format: ExportFormat): void => {
    if (status.state !== "complete") unfinished.add(status.id);
    else if (unfinished.delete(status.id)) void exportAndTell(status, format);
  };

  async function goOn(): Promise<void> {
    for (const status of streams.list()) {
      const begun = await takeBegunExport(config.dataDir, status.id);
      // Behind this in the queue.
      if (begun !== undefined) void exportAndTell(status, begun.format);
    }
  }

  const unsubscribe =
    exportFormat === "off"
      ? undefined
      : streams.subscribe((event) => {
          if (event.type === "status") onStatus(event.status, exportFormat);
        });
  // First in the queue: what is begun from now on is not taken to be interrupted.
  void queue.add(goOn);
  return {
    exportNow,
    async [Symbol.asyncDispose]() {
      unsubscribe?.();
      closing.abort();
      await queue.onIdle();
    },
  };
}
