import { rm } from "node:fs/promises";
import { toUpreelError, type JobKind, type Jobs, type Log, type StreamView } from "@upreel/core";
import type { ExportFormat } from "@upreel/media";
import type { Streams } from "@upreel/streams";
import { z } from "zod";
import type { EngineSettings } from "../settings.ts";
import { dropBegunExports, exportFormatSchema, readBegunExports } from "./begun-export.ts";
import {
  exportStream,
  scratchFolder,
  type ExportConfig,
  type ExportedFilm,
  type FinishedFilms,
} from "./export-stream.ts";

export interface Exporter extends AsyncDisposable {
  /** Settles when it is done, before the exports that nobody waits for. Throws as `exportStream`. */
  exportNow(id: string, format: ExportFormat): Promise<ExportedFilm>;
}

const wishSchema = z.object({
  id: z.string(),
  format: exportFormatSchema,
  /** Somebody waits for the answer; of all others the log tells. */
  isAsked: z.boolean(),
});
type Wish = z.infer<typeof wishSchema>;

const EXPORTS: JobKind<Wish, unknown, ExportedFilm> = {
  name: "export",
  data: wishSchema,
  progress: z.unknown(),
  result: z.object({ file: z.string(), leftOut: z.array(z.string()) }),
  // Exports follow each other: two would only be slower together.
  ...{ atATime: 1, tries: 3, backOffMs: 10_000 },
  isWorthAgain: ({ code }) => code === "source_unavailable",
};

const jobOf = ({ id, format }: Omit<Wish, "isAsked">): string => `${id}-${format}`;

/** Exports each film when it is finished (`EXPORT`), and what a stop of the gateway interrupted. */
export function createExporter(
  config: ExportConfig & Pick<EngineSettings, "exportFormat">,
  {
    streams,
    jobs,
    log,
    onExported,
    ...films
  }: FinishedFilms & {
    readonly streams: Streams;
    readonly jobs: Jobs;
    readonly log: Log;
    readonly onExported: (file: string) => void;
  },
): Exporter {
  const closing = new AbortController();
  const { dataDir, exportFormat } = config;
  const queue = jobs.open(EXPORTS);

  async function exportAndTell(wish: Wish, signal: AbortSignal): Promise<ExportedFilm> {
    const { id, isAsked } = wish;
    const title = streams.get(id)?.title ?? id;
    // What an export before this one had written when its gateway ended.
    await dropBegunExports(dataDir, wish);
    try {
      const exported = await exportStream(config, films, wish, signal);
      const { file, leftOut } = exported;
      const without = leftOut.length === 0 ? "" : `, without ${leftOut.join("; ")}`;
      if (!isAsked) log.info(`${title}: exported to ${file}${without}`);
      onExported(file);
      return exported;
    } catch (thrown) {
      if (isAsked || signal.aborted) throw thrown;
      const { message, got } = toUpreelError(thrown);
      log.error(`${title} could not be exported: ${message}`, { stream: id, got });
      throw thrown;
    }
  }

  function want(id: string, format: ExportFormat): void {
    queue
      .add(jobOf({ id, format }), { id, format, isAsked: false }, { priority: "idle" })
      .catch((error: unknown) => log.error("An export was not added", { stream: id, error }));
  }

  const unfinished = new Set(
    streams
      .list()
      .filter(({ state }) => state !== "complete")
      .map(({ id }) => id),
  );
  const onStatus = ({ id, state }: StreamView, format: ExportFormat): void => {
    if (state !== "complete") unfinished.add(id);
    else if (unfinished.delete(id)) want(id, format);
  };
  const unsubscribe =
    exportFormat === "off"
      ? undefined
      : streams.subscribe((event) => {
          if (event.type === "status") onStatus(event.status, exportFormat);
        });
  async function begin(): Promise<void> {
    // Of a gateway that was killed. A disk that is read-only keeps it.
    await rm(scratchFolder(config), { recursive: true, force: true, maxRetries: 3 }).catch(
      (error: unknown) => log.debug("What an export left is not cleared away", { error }),
    );
    // Before any is begun here: where the queue has lost them, what is on the disk tells of them.
    for (const { id } of streams.list()) {
      if (closing.signal.aborted) return;
      for (const { format } of await readBegunExports(dataDir, id)) want(id, format);
    }
    queue.work(({ data, signal }) => exportAndTell(data, signal));
  }

  const begins = begin();
  return {
    async exportNow(id, format) {
      const wish = { id, format, isAsked: true };
      await queue.add(jobOf(wish), wish, { priority: "asked" });
      return queue.finished(jobOf(wish), closing.signal);
    },
    async [Symbol.asyncDispose]() {
      unsubscribe?.();
      closing.abort();
      await begins;
    },
  };
}
