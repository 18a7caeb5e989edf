import type { StreamFolder, StreamRecord } from "@upreel/core";
import { createAudience } from "./audience.ts";
import { isWhole } from "./gaps.ts";
import type { Wish } from "./life/events.ts";
import { createLife } from "./life/life.ts";
import { restingState } from "./life/state.ts";
import type { Seen } from "./life/step.ts";
import type { Stream, StreamDependencies } from "./stream-api.ts";
import { placesOfStream } from "./stream-places.ts";
import { createStreamView } from "./stream-view.ts";

/** One stream, for its callers: their wishes become events of its life, which decides what follows. */
export function createStream(
  initial: StreamRecord,
  folder: StreamFolder,
  deps: StreamDependencies,
): Stream {
  const { clock, steadyClock } = deps;
  const audience = createAudience(() => life.now.record.timeline, folder, steadyClock);
  const seen = (): Seen => ({
    ...{ nowMs: steadyClock.nowMs(), ready: folder.ready, remakes: deps.remakes, audience },
    isOnAir: (k) => folder.isOnAir(k),
  });
  const life = createLife(restingState(initial), {
    ...deps,
    ...{ folder, seen },
    onNotices(notices) {
      if (notices.has("need-places")) deps.onNeed();
      if (notices.has("want-place")) deps.onWanted();
      if (notices.has("tell")) view.tell();
    },
  });
  const view = createStreamView(life, folder, audience, deps);
  const { send } = life;
  const settled = async (wish: Wish): Promise<void> => {
    send(wish);
    await life.settled();
  };
  const kept = async (wish: Wish): Promise<void> => {
    send(wish);
    await folder.save(life.now.record);
    view.tell();
  };

  return {
    ...{ id: initial.id, folder, audience, runs: view.runs, status: view.status },
    get record() {
      return life.now.record;
    },
    get state() {
      return view.state();
    },
    get isWorking() {
      const { phase } = life.now;
      return phase.kind === "working" && phase.step.at !== "failing";
    },
    get failedAtMs() {
      return life.now.failedAtMs;
    },
    get isPrepared() {
      return life.now.record.prepared === true;
    },
    start(order, broadcastStartedAtMs = life.now.record.broadcastStartedAtMs) {
      const sinceMs = clock.nowMs() - broadcastStartedAtMs;
      if (life.now.record.priority === "viewer") audience.expect(steadyClock.nowMs() - sinceMs);
      send({ kind: "started", order, broadcastStartedAtMs });
    },
    prepareFrom: (fromSeconds) => send({ kind: "prepared", fromSeconds }),
    play: (broadcastStartedAtMs) => send({ kind: "played", broadcastStartedAtMs }),
    ...placesOfStream(life, seen, deps, () => view.tellNewState()),
    look: () => send({ kind: "looked" }),
    stop: () => settled({ kind: "stopped" }),
    cancel: () => settled({ kind: "cancelled" }),
    setPaused: (isPaused) => send({ kind: "paused", isPaused }),
    expectViewer() {
      audience.expect(steadyClock.nowMs());
      send({ kind: "viewer-expected" });
    },
    async renewBroadcast() {
      const { timeline } = life.now.record;
      if (!folder.isBroadcastOver || timeline === undefined) return;
      if (isWhole(folder.ready, timeline)) return;
      const atMs = clock.nowMs();
      send({ kind: "broadcast-began", atMs });
      await folder.restartBroadcast(atMs);
    },
    setPinned: (isPinned) => kept({ kind: "pinned", isPinned }),
    chooseModel: (choice) => kept({ kind: "model-chosen", choice }),
    raisePriority: (priority) => send({ kind: "priority-raised", priority }),
    demote() {
      audience.expectNobody();
      send({ kind: "demoted" });
    },
    reportPlayhead(viewer, seconds, isPaused, plays) {
      audience.report(viewer, seconds, isPaused, plays);
      send({ kind: "reported" });
    },
    noteAsked(segment, client) {
      if (audience.noteAsked(client, segment)) send({ kind: "asked", segment });
    },
  };
}
