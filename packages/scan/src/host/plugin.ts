import { setTimeout as wait } from "node:timers/promises";
import { toUpreelError, UpreelError, type ScansAnswer } from "@upreel/core";
import { createPluginLog, type PluginLog } from "./plugin-log.ts";
import { startPlugin, type PluginOrder, type PluginProcess } from "./start-plugin.ts";

type PluginState = ScansAnswer["plugins"][number]["state"];

/** One plugin, whose process is there when it is needed. Disposed of, it is not started again: calls fail. */
export interface Plugin extends AsyncDisposable {
  readonly id: string;
  readonly state: PluginState;
  /** Why it is in `error`. */
  readonly reason: string | undefined;
  readonly log: PluginLog;
  /**
   * Starts it where it is not there. Throws `plugin_failed`; one that took too long is ended. After each failure
   * it rests for longer, and calls meanwhile fail at once.
   */
  call(method: string, params: object, timeoutMs: number, signal: AbortSignal): Promise<unknown>;
  /** As `call`; one that answers too late is left alone: it may be looking at a film. */
  tell(method: string, params: object, timeoutMs: number, signal: AbortSignal): Promise<unknown>;
  /** Ends its process; the next call starts it again. */
  stop(): Promise<void>;
}

export interface PluginDependencies {
  /** The order of a start, with the configuration as it is then. */
  readonly order: (log: PluginLog) => Promise<PluginOrder>;
  readonly nowMs: () => number;
  readonly backOff: { readonly firstMs: number; readonly longestMs: number };
}

/** A rest so short is waited for in place of failing. */
const WAITED_FOR_MS = 5_000;
/** Nobody would end a process that is started then. */
const GONE = "was removed or installed again while it was wanted";

export function createPlugin(id: string, { order, nowMs, backOff }: PluginDependencies): Plugin {
  const log = createPluginLog(nowMs);
  let state: PluginState = "discovered";
  let reason: string | undefined;
  let failures = 0;
  let restsUntilMs = 0;
  let isDisposed = false;
  let running: { readonly process: PluginProcess; readonly isReady: Promise<void> } | undefined;

  function fail(why: string): void {
    state = "error";
    reason = why;
    failures += 1;
    restsUntilMs = nowMs() + Math.min(backOff.firstMs * 2 ** (failures - 1), backOff.longestMs);
    log.note("error", why);
  }

  async function start(signal: AbortSignal): Promise<PluginProcess> {
    state = "starting";
    const given = await order(log).catch((thrown: unknown) => {
      fail(toUpreelError(thrown).message);
      throw thrown;
    });
    signal.throwIfAborted();
    if (isDisposed) throw failed(id, GONE);
    const process = startPlugin(given);
    const isReady = readyOrEnded(process, signal).then(
      () => {
        if (state === "starting") state = "running";
      },
      (thrown: unknown) => {
        if (running?.process === process) running = undefined;
        if (signal.aborted) state = "stopped";
        else if (state === "starting") fail(toUpreelError(thrown).message);
        throw thrown;
      },
    );
    running = { process, isReady };
    void process.ended.then((how) => {
      if (running?.process === process) running = undefined;
      if (state === "running") fail(`it ended: ${how}`);
    });
    await isReady;
    return process;
  }

  const starting = shared(start);
  async function ensure(signal: AbortSignal): Promise<PluginProcess> {
    // One that is on its way out takes nothing any more.
    await stopping.now();
    if (isDisposed) throw failed(id, GONE);
    if (running !== undefined) {
      await running.isReady;
      return running.process;
    }
    const restMs = restsUntilMs - nowMs();
    if (restMs > WAITED_FOR_MS)
      throw failed(id, `failed ${failures} times and rests for ${seconds(restMs)}: ${reason}`);
    if (restMs > 0) await wait(restMs, undefined, { signal });
    return starting.run(signal);
  }

  async function end(): Promise<void> {
    if (running === undefined) return;
    state = "stopping";
    await running.process.stop();
    running = undefined;
    state = "stopped";
  }
  const stopping = shared(end);

  return {
    id,
    get state() {
      return state;
    },
    get reason() {
      return state === "error" ? reason : undefined;
    },
    log,
    async call(method, params, timeoutMs, signal) {
      const process = await ensure(signal);
      try {
        const answer = await process.call(method, params, timeoutMs, signal);
        failures = 0;
        return answer;
      } catch (thrown) {
        // It goes on with what nobody wants any more, or hangs.
        if (isLate(thrown) || signal.aborted) {
          if (!signal.aborted) fail(toUpreelError(thrown).message);
          else state = "stopped";
          running = undefined;
          process.kill();
        }
        throw thrown;
      }
    },
    tell: async (method, params, timeoutMs, signal) =>
      (await ensure(signal)).call(method, params, timeoutMs, signal),
    stop: stopping.run,
    [Symbol.asyncDispose]() {
      isDisposed = true;
      return stopping.run();
    },
  };
}

/** Throws where it does not get ready, or `signal` aborts before; it is killed then. */
async function readyOrEnded(process: PluginProcess, signal: AbortSignal): Promise<void> {
  const kill = (): void => process.kill();
  signal.addEventListener("abort", kill);
  try {
    await process.ready;
  } catch (thrown) {
    kill();
    throw thrown;
  } finally {
    signal.removeEventListener("abort", kill);
  }
}

/** Work that is done once for all who ask while it is under way. */
function shared<T, A extends unknown[]>(work: (...given: A) => Promise<T>) {
  let underWay: Promise<T> | undefined;
  return {
    now: () => underWay,
    run: (...given: A): Promise<T> =>
      (underWay ??= work(...given).finally(() => {
        underWay = undefined;
      })),
  };
}

const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`;

const failed = (id: string, how: string): UpreelError =>
  new UpreelError("plugin_failed", `the plugin ${id} ${how}`);

const isLate = (thrown: unknown): boolean => toUpreelError(thrown).code === "timeout";
