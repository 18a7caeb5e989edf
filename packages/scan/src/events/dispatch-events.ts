import { meansEvent, toUpreelError, type EventBus, type UpreelEvent } from "@upreel/core";
import PQueue from "p-queue";
import type { Plugin } from "../host/plugin.ts";
import type { Plugins } from "../host/plugins.ts";

/** One that is slower than what happens misses some of it. */
const MOST_WAITING = 100;

/**
 * Tells plugins of the events that they subscribed to (`event.dispatch`): each in order and once, whatever it answers;
 * plugins do not wait for each other, and nobody waits for them.
 */
export function dispatchEvents(
  events: Pick<EventBus, "subscribe">,
  plugins: Pick<Plugins, "look">,
  {
    answerMs,
    signal,
    onQuiet,
  }: {
    readonly answerMs: number;
    readonly signal: AbortSignal;
    /** A plugin has been told all there was. */
    readonly onQuiet: () => void;
  },
): AsyncDisposable {
  const queues = new WeakMap<Plugin, PQueue>();
  /** One look at a time, so that each plugin hears of things in their order. */
  const looks = new PQueue({ concurrency: 1 });
  const telling = new Set<Promise<void>>();

  async function tell(plugin: Plugin, { name, ...payload }: UpreelEvent): Promise<void> {
    try {
      await plugin.tell("event.dispatch", { name, payload }, answerMs, signal);
    } catch (thrown) {
      if (!signal.aborted) plugin.log.note("warn", `${name}: ${toUpreelError(thrown).message}`);
    }
  }

  function enqueue(plugin: Plugin, event: UpreelEvent): void {
    const queue = queues.get(plugin) ?? new PQueue({ concurrency: 1 });
    queues.set(plugin, queue);
    if (queue.size >= MOST_WAITING)
      return plugin.log.note("warn", `it is not told of ${event.name}: ${MOST_WAITING} wait`);
    const told = queue
      .add(async () => {
        if (!signal.aborted) await tell(plugin, event);
      })
      .then(() => {
        telling.delete(told);
        if (queue.size === 0) onQuiet();
      });
    telling.add(told);
  }

  async function look(event: UpreelEvent): Promise<void> {
    // Folders that cannot be read now hold no plugin that could be told.
    const usable = await plugins.look().then(
      (found) => found.usable,
      () => [],
    );
    for (const { plugin, found, isEnabled } of usable) {
      const wanted = found.manifest.subscriptions?.events ?? [];
      if (isEnabled && wanted.some((pattern) => meansEvent(pattern, event.name)))
        enqueue(plugin, event);
    }
  }

  const unsubscribe = events.subscribe((event) => {
    if (looks.size < MOST_WAITING) void looks.add(() => look(event));
  });
  return {
    async [Symbol.asyncDispose]() {
      unsubscribe();
      looks.clear();
      await looks.onIdle();
      await Promise.all(telling);
    },
  };
}
