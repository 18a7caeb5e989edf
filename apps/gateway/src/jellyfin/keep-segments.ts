import { toUpreelError, type Log, type ErrorCode } from "@upreel/core";
import { segmentChanges, type JellyfinClient } from "@upreel/jellyfin";
import type { Scans } from "@upreel/scan";
import type { MediaFiles } from "@upreel/sources";
import { findItems, type FindItemsDependencies } from "./find-items.ts";
import { foldersFor } from "./locate-film.ts";
import { createRefusals } from "./library-refusals.ts";

export interface KeepSegmentsDependencies extends FindItemsDependencies {
  readonly client: Pick<
    JellyfinClient,
    "libraries" | "items" | "segmentsPlugin" | "segments" | "addSegment" | "removeSegment"
  >;
  readonly scans: Pick<Scans, "chapters" | "onLooked">;
  readonly files: Pick<MediaFiles, "locate">;
  readonly roots: readonly string[];
  readonly log: Pick<Log, "info" | "debug" | "warn">;
  readonly nowMs: () => number;
}

/** Without the plugin, or where a library takes nothing, Jellyfin is asked again after so long: it may be set up meanwhile. */
const ASK_AGAIN_MS = 10 * 60_000;
/** Where one call fails so, the next one does. */
const NO_ANSWER: ReadonlySet<ErrorCode> = new Set(["jellyfin_unreachable", "jellyfin_refused"]);
/** Films whose segments wait to be stored; more are stored when they are looked at the next time. */
const MOST_WAITING = 2_000;

/**
 * Stores intros and credits in Jellyfin itself where its plugin "MediaSegments API" is installed: then all its clients offer to skip
 * them, whether they come by the proxy or not. Films are stored after plugins have looked at them, one after the other.
 */
export function keepSegments(deps: KeepSegmentsDependencies): AsyncDisposable & {
  /** When nothing waits. */
  idle(): Promise<void>;
} {
  const { client, scans, files, roots, log, nowMs } = deps;
  const waiting = new Set<string>();
  const closing = new AbortController();
  const { signal } = closing;
  let running: Promise<void> | undefined;
  let missingSinceMs: number | undefined;
  const refusals = createRefusals({ restMs: ASK_AGAIN_MS, log, nowMs });

  async function isInstalled(): Promise<boolean> {
    if (missingSinceMs !== undefined && nowMs() - missingSinceMs < ASK_AGAIN_MS) return false;
    const version = await client.segmentsPlugin(signal);
    missingSinceMs = version === undefined ? nowMs() : undefined;
    return version !== undefined;
  }

  async function store(path: string, itemId: string): Promise<void> {
    const stored = await client.segments(itemId, signal);
    if (stored === undefined) return;
    const known = await scans.chapters(await files.locate(path, foldersFor(path, roots)));
    const { remove, add } = segmentChanges(stored, itemId, known);
    for (const id of remove) await client.removeSegment(id, signal);
    for (const segment of add) await client.addSegment(segment, signal);
    if (remove.length + add.length > 0)
      log.info(`Jellyfin has ${add.length} new intros and credits of ${path}`);
  }

  /** One film that cannot be stored does not keep the others from it, as long as Jellyfin answers at all. */
  async function storeAll(paths: readonly string[]): Promise<void> {
    if (!(await isInstalled())) return;
    const items = await findItems(deps, paths, signal);
    for (const [path, { versionId, library }] of items) {
      if (refusals.isResting(library)) continue;
      try {
        await store(path, versionId);
        refusals.noteTaken(library);
      } catch (thrown) {
        if (signal.aborted || NO_ANSWER.has(toUpreelError(thrown).code)) throw thrown;
        refusals.note(library, path, toUpreelError(thrown).message);
      }
    }
  }

  function warn(what: string, thrown: unknown): void {
    if (signal.aborted) return;
    log.warn(`Intros and credits of ${what} are not in Jellyfin: ${toUpreelError(thrown).message}`);
  }

  async function run(): Promise<void> {
    while (waiting.size > 0 && !signal.aborted) {
      const paths = [...waiting];
      waiting.clear();
      await storeAll(paths).catch((thrown: unknown) =>
        warn(paths.length === 1 ? String(paths[0]) : `${paths.length} films`, thrown),
      );
    }
    running = undefined;
  }

  const unsubscribe = scans.onLooked((paths) => {
    if (signal.aborted) return;
    for (const path of paths) if (waiting.size < MOST_WAITING) waiting.add(path);
    // A film that was gone when it was to be looked at leaves none.
    if (waiting.size > 0) running ??= run();
  });
  return {
    idle: async () => running,
    async [Symbol.asyncDispose]() {
      unsubscribe();
      // A slow Jellyfin does not delay the end of the gateway.
      closing.abort();
      await running;
    },
  };
}
