import { FACTS_PLUGIN, JobNotNow, toUpreelError, type ScanJob } from "@upreel/core";
import { runScanHooks, type ScanHookCall } from "../hooks/scan-hook.ts";
import type { Plugin } from "../host/plugin.ts";
import { isForType } from "../manifest/media-types.ts";
import type { MediaScanAnswer } from "../media-scan/answers.ts";
import { readFacts } from "../store/read-facts.ts";
import { prepareGroup, type PreparedGroup } from "./prepare-group.ts";
import { newTask, runTask, skipTask, type ScanTask } from "./run-task.ts";
import type { ScanQueueParts } from "./scan-queue.ts";

/** Lets plugins look at one film, with the season that it is of. */
export interface Looker {
  /**
   * What came of it, and at which films was looked. Throws only when `signal` aborts, and `JobNotNow` while viewers need the
   * processor: a gateway that has none may go on with what is left.
   */
  look(
    job: ScanJob,
    signal: AbortSignal,
    tell: (job: ScanJob) => void,
  ): Promise<{ readonly job: ScanJob; readonly paths: readonly string[] }>;
  /** The plugin that looks at the film now, or at the season that it is of. */
  lookingAt(path: string): string | undefined;
}

export function createLooker(parts: ScanQueueParts, closing: AbortSignal): Looker {
  const { plugins, store, places, viewers, times, nowMs, log, events } = parts;
  const versions = new WeakMap<Plugin, string>();
  let looking: { readonly plugin: string; readonly paths: readonly string[] } | undefined;

  async function run(
    job: ScanJob,
    signal: AbortSignal,
    tell: (job: ScanJob) => void,
  ): Promise<readonly string[]> {
    requireTurn(signal);
    job.state = "running";
    const group = await prepareGroup(places, job.path, signal);
    job.films = group.files.length;
    const { usable } = await plugins.look();
    const paths = group.files.map(({ path }) => path);
    const able = usable.filter(
      ({ isOnAt, found }) =>
        isOnAt(paths[0] ?? "") && found.manifest.capabilities.includes("media-scan"),
    );
    const isForThese = ({ found }: (typeof usable)[number]): boolean =>
      isForType(found.manifest, group.mediaType);
    const change = (found: ScanHookCall): Promise<MediaScanAnswer> =>
      runScanHooks(usable.filter(isForThese), found, { hookMs: times.hookMs, signal, log });
    for (const each of able) {
      const { plugin } = each;
      const task = newTask(plugin);
      if (!isForThese(each)) {
        skipTask(task, group, "media_type");
        job.tasks.push(task);
        continue;
      }
      requireTurn(signal);
      job.tasks.push(task);
      looking = { plugin: plugin.id, paths };
      tell(job);
      await runTask({ store, times, nowMs, change, versions }, plugin, group, signal, task);
      task.facts = factsOf(group, job, plugin) ?? null;
      logTask(log, job, task);
      tell(job);
    }
    job.state = job.tasks.every(({ state }) => state !== "failed") ? "done" : "failed";
    return paths;
  }

  function requireTurn(signal: AbortSignal): void {
    signal.throwIfAborted();
    if (viewers.needProcessor()) throw new JobNotNow(viewers.untilIdle(closing));
  }

  const factsOf = ({ files }: PreparedGroup, { path }: ScanJob, { id }: Plugin) => {
    if (id !== FACTS_PLUGIN.id) return undefined;
    const file = files.find((each) => each.path === path) ?? files[0];
    return readFacts(store, file.fileId);
  };

  return {
    async look(job, signal, tell) {
      let paths: readonly string[] = [];
      try {
        paths = await run(job, signal, tell);
      } catch (thrown) {
        signal.throwIfAborted();
        if (thrown instanceof JobNotNow) throw thrown;
        job.state = "failed";
        job.reason = toUpreelError(thrown).message;
        log.debug(`${job.path} is not looked at: ${job.reason}`);
      } finally {
        looking = undefined;
      }
      tellDone(events, job);
      return { job, paths };
    },
    lookingAt: (path) => (looking?.paths.includes(path) === true ? looking.plugin : undefined),
  };
}

function logTask(log: ScanQueueParts["log"], { path, films }: ScanJob, task: ScanTask): void {
  const what = `${task.plugin} looked at ${films === 1 ? path : `${films} episodes beside ${path}`}`;
  if (task.state === "failed") log.warn(`Plugin ${task.plugin}: ${task.reason}`);
  else if (task.state === "done")
    log.info(`${what} in ${task.seconds?.toFixed(1)} s: ${task.chapters} intros and credits`);
}

/** Where nothing was looked at anew there is nothing to tell. */
function tellDone(events: ScanQueueParts["events"], { path, state, films, tasks }: ScanJob): void {
  if (state !== "done" && state !== "failed") return;
  if (tasks.every((task) => task.state === "known" || task.state === "skipped")) return;
  const chapters = tasks.reduce((sum, task) => sum + task.chapters, 0);
  events.tell({ name: "scan.done", path, state, films: films ?? 0, chapters });
}
