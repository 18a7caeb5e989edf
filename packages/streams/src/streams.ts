import {
  segmentCount,
  type ModelChoice,
  type ModelOrder,
  type Profile,
  type StreamView,
} from "@upreel/core";
import { createControl } from "./control-streams.ts";
import { createDispatcher } from "./dispatcher.ts";
import { countInVain } from "./in-vain.ts";
import { LOOK_EVERY_MS, createOpener } from "./open-streams.ts";
import { readStreams } from "./read-streams.ts";
import { createRegister } from "./register.ts";
import { createRemoval } from "./remove-streams.ts";
import { shareStreams } from "./shared-streams.ts";
import { createStopRule } from "./stop-after-viewers.ts";
import { createListeners } from "./stream-listeners.ts";
import type { Streams } from "./streams-api.ts";
import type { StreamsDependencies, StreamsOptions } from "./streams-options.ts";
import { createTrigger } from "./trigger-stream.ts";
import { watchSources } from "./watch-sources.ts";

/**
 * Takes over the streams found on disk and goes on with those that were being made. Which of them
 * work, where and in what order follows from what each needs.
 */
export async function createStreams(
  deps: StreamsDependencies,
  options: StreamsOptions,
): Promise<Streams> {
  const parts = createParts(deps, options);
  const { register, dispatcher, shared } = parts;
  await shared.takeFree();
  const looking = setInterval(() => {
    parts.stops.look();
    for (const stream of register.all()) stream.look();
    // Once for all of them: it asks each for its needs.
    dispatcher.dispatch();
  }, options.lookEveryMs ?? LOOK_EVERY_MS);
  looking.unref();

  return {
    ...streamsOf(parts, options),
    async [Symbol.asyncDispose]() {
      clearInterval(looking);
      await shared.close();
      dispatcher.close();
      await register.closeAll(
        async (stream) => {
          await stream.stop();
          // Still `idle` on disk: the next start goes on with it.
          await stream.folder[Symbol.asyncDispose]();
          await shared.release(stream.id);
        },
        (error) => deps.log.error("A stream was not closed well", { error }),
      );
      await deps.workers[Symbol.asyncDispose]();
    },
  };
}

/** What streams are made of, put together. */
function createParts(deps: StreamsDependencies, options: StreamsOptions) {
  const { log, clock, steadyClock = clock } = deps;
  const workers = watchSources(deps.workers, deps.sources, steadyClock);
  const register = createRegister();
  const listeners = createListeners(log);
  const { tell } = listeners;
  const dispatcher = createDispatcher(register.all, { clock: steadyClock, workers });
  const inVain = countInVain();
  const opener = createOpener(deps, options, {
    ...{ register, dispatcher, workers, tell, steadyClock, onInVain: inVain.note },
  });
  const control = createControl({ register, dispatcher, clock, steadyClock, log });
  const stops = createStopRule(options.onStop, (id, how) => {
    control[how](id).catch((error: unknown) => {
      log.error(`Stream ${id} could not be stopped after its last viewer`, { error });
    });
  });
  const removal = createRemoval({
    ...{ register, log, forget: stops.forget },
    onRemoved: (id) => tell({ type: "removed", id }),
  });
  const shared = shareStreams({
    ...{ leases: deps.leases, folders: deps.folders, register, log, forget: stops.forget },
    onLeft: (id) => tell({ type: "left", id }),
    adopt({ record, folder }) {
      const stream = register.adopt(record.id, opener.build(record, folder));
      // Left by a gateway that ended before anybody played it.
      if (stream.isPrepared) return removal.dropPrepared(record.id);
      // Kept as idle while it ran: the gateway ended in mid-film, so the film goes on. One that was
      // finished and then deleted waits for somebody who wants to see it.
      if (record.state === "idle" && record.reason?.code !== "archive_gone") control.start(stream);
      return undefined;
    },
  });
  const triggers = createTrigger({
    ...{ register, secret: options.secret, nowMs: () => clock.nowMs() },
    mostWorking: options.maxQueued,
    ...{ open: opener.open, start: control.start, startAgain: control.startAgain },
    ...{ onViewer: stops.forget, remove: removal.remove, requireHere: shared.requireHere },
  });
  return { register, listeners, dispatcher, control, stops, removal, triggers, shared, inVain };
}

function withOrder(
  { wanted: now, faces: restored }: Pick<StreamView, "wanted" | "faces">,
  order: ModelOrder,
  profile: Profile,
): ModelChoice {
  const { model = now.model, sharpness = now.sharpness, faces = restored ?? null } = order;
  return {
    model,
    ...(sharpness === undefined || sharpness === null
      ? profile.sharpness !== undefined && { dropsSharpness: true as const }
      : { sharpness }),
    // A strength of nothing is none.
    faces: faces === 0 ? null : faces,
  };
}

/** For their callers. */
function streamsOf(
  parts: ReturnType<typeof createParts>,
  { secret }: StreamsOptions,
): Omit<Streams, typeof Symbol.asyncDispose> {
  const { register, listeners, dispatcher, control, stops, removal, triggers, shared } = parts;
  const { pause, resume, cancel } = control;
  return {
    ...triggers,
    ...readStreams(register, secret),
    ...{ reach: shared.reach, handOver: shared.handOver },
    ...{ pause, resume, cancel },
    ...removal,
    subscribe: listeners.subscribe,
    inVain: parts.inVain.read,
    holdBackground(isHeld) {
      dispatcher.holdBackground(isHeld);
      if (!isHeld) control.goOnWithRoom();
    },
    setOrder: (ids) => dispatcher.setOrder(ids),
    setPinned: (id, isPinned) => register.control(id, async (stream) => stream.setPinned(isPinned)),
    chooseModel: (id, order) =>
      register.control(id, async (stream) =>
        stream.chooseModel(withOrder(stream.status(), order, stream.record.profile)),
      ),
    noteAsked(id, k, client) {
      const stream = register.find(id);
      stream.noteAsked(k, client);
      const { timeline } = stream.record;
      const isPastEnd = timeline !== undefined && k >= segmentCount(timeline);
      if (!isPastEnd && !stream.folder.ready.has(k)) control.revive(stream);
    },
    reportPlayhead: (id, viewer, seconds, isPaused, plays = "stream") =>
      register.find(id).reportPlayhead(viewer, seconds, isPaused, plays),
    viewerSeconds: (id, viewer) =>
      register.has(id) ? register.find(id).audience.secondsOf(viewer) : undefined,
    viewerLeft: (id, viewer) => stops.left(register.find(id), viewer),
  };
}
