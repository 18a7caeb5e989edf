import { setTimeout as wait } from "node:timers/promises";
import { toUpreelError, UpreelError } from "@upreel/core";
import {
  createPluginHealth,
  type BackOff,
  type PluginHealth,
  type PluginState,
} from "./plugin-health.ts";
import type { PluginManifest } from "../manifest/plugin-manifest.ts";
import { createPluginLog, type PluginLog } from "./plugin-log.ts";
import { createRateLimit } from "./rate-limit.ts";
import { startPlugin, type PluginOrder, type PluginProcess } from "./start-plugin.ts";

/** One plugin, whose process is there when it is needed. Disposed of, it is not started again: calls fail. */
export interface Plugin extends AsyncDisposable {
  readonly id: string;
  readonly state: PluginState;
  /** Why it is in `error`. */
  readonly reason: string | undefined;
  readonly log: PluginLog;
  /**
   * Starts it where it is not there. Throws `plugin_failed`; one that took too long is ended. After each failure
   * it rests for longer, and calls meanwhile fail at once. Throws `RateLimited` where its manifest allows no call for long.
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
  readonly backOff: BackOff;
  /** As its manifest has it. */
  readonly rateLimit: PluginManifest["rateLimit"];
}

/** A rest so short is waited for in place of failing. */
const WAITED_FOR_MS = 5_000;
/** Nobody would end a process that is started then. */
const GONE = "was removed or installed again while it was wanted";

export function createPlugin(
  id: string,
  { order, nowMs, backOff, rateLimit = {} }: PluginDependencies,
): Plugin {
  const log = createPluginLog(nowMs);
  const limit = createRateLimit(rateLimit, nowMs);
  const health = createPluginHealth(log, nowMs, backOff);
  let isDisposed = false;
  let running: { readonly process: PluginProcess; readonly isReady: Promise<void> } | undefined;

  async function start(signal: AbortSignal): Promise<PluginProcess> {
    health.state = "starting";
    const given = await order(log).catch((thrown: unknown) => {
      health.fail(toUpreelError(thrown).message);
      throw thrown;
    });
    signal.throwIfAborted();
    if (isDisposed) throw failed(id, GONE);
    const process = startPlugin(given);
    const isReady = readyOrEnded(process, signal).then(
      () => {
        if (health.state === "starting") health.state = "running";
      },
      (thrown: unknown) => {
        if (running?.process === process) running = undefined;
        if (signal.aborted) health.state = "stopped";
        else if (health.state === "starting") health.fail(toUpreelError(thrown).message);
        throw thrown;
      },
    );
    running = { process, isReady };
    void process.ended.then((how) => {
      if (running?.process === process) running = undefined;
      if (health.state === "running") health.fail(`it ended: ${how}`);
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
    await untilRested(id, health, signal);
    return starting.run(signal);
  }

  async function end(): Promise<void> {
    if (running === undefined) return;
    health.state = "stopping";
    await running.process.stop();
    running = undefined;
    health.state = "stopped";
  }
  const stopping = shared(end);

  const call: Plugin["call"] = async (method, params, timeoutMs, signal) => {
    const process = await ensure(signal);
    try {
      const answer = await process.call(method, params, timeoutMs, signal);
      health.noteSuccess();
      return answer;
    } catch (thrown) {
      // It goes on with what nobody wants any more, or hangs.
      if (isLate(thrown) || signal.aborted) {
        if (!signal.aborted) health.fail(toUpreelError(thrown).message);
        else health.state = "stopped";
        running = undefined;
        process.kill();
      }
      throw thrown;
    }
  };
  const tell: Plugin["tell"] = async (method, params, timeoutMs, signal) =>
    (await ensure(signal)).call(method, params, timeoutMs, signal);

  return {
    id,
    get state() {
      return health.state;
    },
    get reason() {
      return health.reason;
    },
    log,
    call: (...asked) => limit.run(() => call(...asked), asked[3]),
    tell: (...told) => limit.run(() => tell(...told), told[3]),
    stop: stopping.run,
    [Symbol.asyncDispose]() {
      isDisposed = true;
      return stopping.run();
    },
  };
}

/** Throws where that is long. */
async function untilRested(id: string, health: PluginHealth, signal: AbortSignal): Promise<void> {
  const restMs = health.restMs();
  if (restMs > WAITED_FOR_MS) throw failed(id, health.describeRest());
  if (restMs > 0) await wait(restMs, undefined, { signal });
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

const failed = (id: string, how: string): UpreelError =>
  new UpreelError("plugin_failed", `the plugin ${id} ${how}`);

const isLate = (thrown: unknown): boolean => toUpreelError(thrown).code === "timeout";
