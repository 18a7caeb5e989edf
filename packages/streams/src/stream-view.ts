import { segmentAt, type StreamFolder, type StreamState, type StreamView } from "@upreel/core";
import type { createAudience } from "./audience.ts";
import { keepStatus, type Seen } from "./keep-status.ts";
import type { Life } from "./life/life.ts";
import { liveOf } from "./life/run-view.ts";
import { isToImprove } from "./life/stream-needs.ts";
import { networkSpeedsOf } from "./rungs.ts";
import type { StreamDependencies, StreamRun } from "./stream-api.ts";
import { stateOf } from "./stream-phase.ts";
import { streamStatus } from "./stream-status.ts";
import type { ViewerPosition } from "./viewers.ts";

/** What is told of a stream, and who is told when it changes. */
export function createStreamView(
  life: Life,
  folder: StreamFolder,
  audience: ReturnType<typeof createAudience>,
  {
    steadyClock,
    log,
    remakes,
    onChange,
  }: Pick<StreamDependencies, "steadyClock" | "log" | "remakes" | "onChange">,
) {
  let toldState: StreamState = life.now.record.state;
  let isToldWatched = false;
  /** A resting stream that nobody watches keeps its status until something changes. */
  const restingStatus = keepStatus();

  const state = (): StreamState =>
    stateOf(life.now, folder.ready, audience.count() > 0, () =>
      isToImprove(life.now, { nowMs: steadyClock.nowMs(), remakes }),
    );
  const runs = (): StreamRun[] =>
    [...life.now.runs.values()].map((run) => ({ ...run, live: liveOf(run) }));

  function status(): StreamView {
    const { record, phase, rungs } = life.now;
    const view = {
      ...{ record, state: state(), ready: folder.ready },
      ...{ runs: runs(), viewers: audience.count(), isWatched: audience.isExpected() },
    };
    return restingStatus(view, phase.kind === "resting", () => {
      const positions = audience.positions();
      return streamStatus({
        ...view,
        playheads: positions.map(({ seconds }) => seconds),
        viewersWaiting: positions.filter((each) => isWaiting(each, view)).length,
        speeds: networkSpeedsOf(rungs, steadyClock.nowMs()),
      });
    });
  }

  function tell(): void {
    const now = state();
    if (now !== toldState) log.debug(`Stream ${life.now.record.id}: ${toldState} → ${now}`);
    toldState = now;
    isToldWatched = audience.isExpected();
    onChange(status());
  }

  return {
    state,
    runs,
    status,
    tell,
    /** A viewer who is no longer expected changes the state, too, and no event tells of it. */
    tellNewState(): void {
      if (state() !== toldState || audience.isExpected() !== isToldWatched) tell();
    },
  };
}

/** Who plays the original waits for nothing, whatever is missing. */
const isWaiting = (
  { seconds, plays }: ViewerPosition,
  { record: { timeline }, state, ready }: Pick<Seen, "record" | "state" | "ready">,
): boolean =>
  plays === "stream" &&
  timeline !== undefined &&
  state !== "complete" &&
  !ready.has(segmentAt(timeline, seconds));
