import type { StreamFolder, StreamState, StreamView } from "@upreel/core";
import type { createAudience } from "./audience.ts";
import { keepStatus } from "./keep-status.ts";
import type { Life } from "./life/life.ts";
import { liveOf } from "./life/run-view.ts";
import { networkSpeedsOf } from "./rungs.ts";
import type { StreamDependencies, StreamRun } from "./stream-api.ts";
import { stateOf } from "./stream-phase.ts";
import { streamStatus } from "./stream-status.ts";

/** What is told of a stream, and who is told when it changes. */
export function createStreamView(
  life: Life,
  folder: StreamFolder,
  audience: ReturnType<typeof createAudience>,
  { clock, log, onChange }: Pick<StreamDependencies, "clock" | "log" | "onChange">,
) {
  let toldState: StreamState = life.now.record.state;
  /** A resting stream that nobody watches keeps its status until something changes. */
  const restingStatus = keepStatus();

  const state = (): StreamState => stateOf(life.now, folder.ready);
  const runs = (): StreamRun[] =>
    [...life.now.runs.values()].map((run) => ({ ...run, live: liveOf(run) }));

  function status(): StreamView {
    const { record, phase, rungs } = life.now;
    const view = {
      ...{ record, state: state(), ready: folder.ready },
      ...{ runs: runs(), viewers: audience.count() },
    };
    return restingStatus(view, phase.kind === "resting", () =>
      streamStatus({
        ...view,
        playheads: audience.positions().map(({ seconds }) => seconds),
        speeds: networkSpeedsOf(rungs, clock.nowMs()),
      }),
    );
  }

  function tell(): void {
    const now = state();
    if (now !== toldState) log.debug(`Stream ${life.now.record.id}: ${toldState} → ${now}`);
    toldState = now;
    onChange(status());
  }

  return {
    state,
    runs,
    status,
    tell,
    tellNewState(): void {
      if (state() !== toldState) tell();
    },
  };
}
