import { toUpreelError, type ScanJob } from "@upreel/core";
import type { ScanHookCall } from "../hooks/scan-hook.ts";
import type { Plugin } from "../host/plugin.ts";
import { RateLimited } from "../host/rate-limit.ts";
import type { MediaScanAnswer, ScannedFile } from "../media-scan/answers.ts";
import { readAlgorithmVersion, scanWith, type ScanTimes } from "../media-scan/scan-with.ts";
import type { ScanStore } from "../store/scan-store.ts";
import type { PreparedGroup } from "./prepare-group.ts";

export type ScanTask = ScanJob["tasks"][number];

export const newTask = ({ id }: Plugin): ScanTask => ({
  ...{ plugin: id, state: "running", seconds: null, chapters: 0, fingerprints: 0 },
  ...{ skipped: {}, reason: null, facts: null },
});

/** The plugin is not asked about any of these films. */
export function skipTask(task: ScanTask, { files }: PreparedGroup, reason: string): void {
  task.state = "skipped";
  task.skipped = { [reason]: files.length };
}

export interface TaskParts {
  readonly store: ScanStore;
  readonly times: ScanTimes;
  readonly nowMs: () => number;
  /** What becomes of an answer before it is stored; throws only for a signal that aborts. */
  readonly change: (found: ScanHookCall) => Promise<MediaScanAnswer>;
  /** Of plugins that told it before, as long as this process lives. */
  readonly versions: WeakMap<Plugin, string>;
}

/** What the plugin had no time for: it is asked again, and gets back what it found of the others. */
const NOT_YET = "not_yet";
/** A process that died is tried once more: it may have been killed for want of memory. */
const TRIES = 2;

/** Lets one plugin look at a group, and keeps what it found. Never throws but for `signal`. */
export async function runTask(
  { store, times, nowMs, change, versions }: TaskParts,
  plugin: Plugin,
  group: PreparedGroup,
  signal: AbortSignal,
  task: ScanTask,
): Promise<void> {
  const beganMs = nowMs();
  try {
    const algorithmVersion =
      versions.get(plugin) ?? (await tried(() => readAlgorithmVersion(plugin, times, signal)));
    versions.set(plugin, algorithmVersion);
    const { groupHash, groupKey } = group;
    const mark = { pluginId: plugin.id, algorithmVersion, groupHash };
    if (group.files.every(({ fileId }) => store.isScanned({ ...mark, fileId }))) {
      task.state = "known";
      return;
    }
    const toScan = (file: PreparedGroup["files"][number]): ScannedFile => ({
      ...file,
      cachedFingerprints: store.fingerprints(file.fileId, plugin.id, algorithmVersion),
    });
    const [first, ...rest] = group.files;
    const files = [toScan(first), ...rest.map(toScan)] as const;
    const found = await tried(() => scanWith(plugin, files, groupKey, times, signal));
    const answer = await change({
      ...{ pluginId: plugin.id, groupKey, files: group.files, answer: found },
    });
    const isLeft = (id: string): boolean =>
      answer.skipped.some(({ fileId, reason }) => fileId === id && reason === NOT_YET);
    const looked = group.files.filter(({ fileId }) => !isLeft(fileId));
    store.persist(
      looked.map(({ fileId, path }) => ({ ...mark, fileId, path, atMs: nowMs() })),
      answer,
    );
    task.state = "done";
    Object.assign(task, countsOf(answer));
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof RateLimited) return skipTask(task, group, "rate_limit");
    const { message, got } = toUpreelError(thrown);
    task.state = "failed";
    task.reason = got === undefined ? message : `${message}; got ${got}`;
  } finally {
    if (task.state !== "skipped") task.seconds = (nowMs() - beganMs) / 1000;
  }

  /** Once more where the process died. */
  async function tried<T>(work: () => Promise<T>): Promise<T> {
    for (let left = TRIES - 1; ; left -= 1) {
      try {
        return await work();
      } catch (thrown) {
        const isDead = plugin.state === "error" && toUpreelError(thrown).code === "plugin_failed";
        if (!isDead || left <= 0 || signal.aborted) throw thrown;
      }
    }
  }
}

function countsOf({ chapters, fingerprints, skipped }: MediaScanAnswer): Partial<ScanTask> {
  const reasons: Record<string, number> = {};
  for (const { reason } of skipped) reasons[reason] = (reasons[reason] ?? 0) + 1;
  return { chapters: chapters.length, fingerprints: fingerprints.length, skipped: reasons };
}
