import { meansEvent, toUpreelError, type Log } from "@upreel/core";
import type { Plugin } from "../host/plugin.ts";
import type { Plugins } from "../host/plugins.ts";
import { hookAnswerSchema, type MediaScanAnswer } from "../media-scan/answers.ts";
import { parseAnswer, proveAnswer, type AskedFile } from "../media-scan/prove-answer.ts";

/** When a plugin has looked at films, before what it found is stored. */
const NAME = "pipeline.scan.afterProcess";
const METHOD = "hook.dispatch";
/** As Aviato has it: once more where it failed. */
const TRIES = 2;

/** What a plugin found of these files. */
export interface ScanHookCall {
  /** That looked at them. */
  readonly pluginId: string;
  readonly groupKey: string | undefined;
  readonly files: readonly (AskedFile & { readonly itemId: string; readonly path: string })[];
  readonly answer: MediaScanAnswer;
}

/**
 * Plugins with a hook may change the chapters that another one found: one after the other, in their order, each gets what the one
 * before made of them. One that fails, is late, or answers nonsense twice has changed nothing. Throws only when `signal` aborts.
 */
export async function runScanHooks(
  usable: Awaited<ReturnType<Plugins["look"]>>["usable"],
  call: ScanHookCall,
  {
    hookMs,
    signal,
    log,
  }: {
    readonly hookMs: number;
    readonly signal: AbortSignal;
    readonly log: Pick<Log, "warn">;
  },
): Promise<MediaScanAnswer> {
  const path = call.files[0]?.path ?? "";
  let { answer } = call;
  for (const plugin of hooked(usable, path)) {
    // It has said what it finds.
    if (plugin.id === call.pluginId) continue;
    try {
      answer = await changed(plugin, { ...call, answer });
    } catch (thrown) {
      signal.throwIfAborted();
      const { message, got } = toUpreelError(thrown);
      const why = got === undefined ? message : `${message}; got ${got}`;
      plugin.log.note("warn", `${NAME}: ${why}`);
      log.warn(`The hook of ${plugin.id} changed nothing: ${why}`);
    }
  }
  return answer;

  async function changed(plugin: Plugin, { files, ...rest }: ScanHookCall) {
    const payload = {
      ...{ pluginId: rest.pluginId, groupKey: rest.groupKey ?? null },
      files: files.map(({ fileId, itemId, path, duration }) => ({
        ...{ fileId, itemId, path, duration },
      })),
      chapters: rest.answer.chapters.map(
        ({ fileId, role, startTime, endTime, title, metadata }) => ({
          ...{ fileId, role, startTime, endTime, title },
          metadata: metadata === null ? null : JSON.parse(metadata),
        }),
      ),
    };
    for (let left = TRIES - 1; ; left -= 1) {
      try {
        const given = await plugin.call(METHOD, { name: NAME, payload }, hookMs, signal);
        const { data } = parseAnswer(plugin.id, METHOD, hookAnswerSchema, given);
        const chapters = data?.chapters;
        if (chapters === undefined) return rest.answer;
        proveAnswer(plugin.id, METHOD, files, { chapters, fingerprints: [], skipped: [] });
        return { ...rest.answer, chapters };
      } catch (thrown) {
        signal.throwIfAborted();
        if (left <= 0) throw thrown;
      }
    }
  }
}

/** Plugins with this hook that are switched on for the film, in their order. */
function hooked(
  usable: Awaited<ReturnType<Plugins["look"]>>["usable"],
  path: string,
): readonly Plugin[] {
  return usable
    .flatMap(({ plugin, found, isOnAt }) => {
      const hooks = found.manifest.subscriptions?.hooks ?? [];
      const hook = hooks.find(({ name }) => meansEvent(name, NAME));
      return hook === undefined || !isOnAt(path) ? [] : [{ plugin, order: hook.order }];
    })
    .toSorted((a, b) => a.order - b.order || a.plugin.id.localeCompare(b.plugin.id))
    .map(({ plugin }) => plugin);
}
