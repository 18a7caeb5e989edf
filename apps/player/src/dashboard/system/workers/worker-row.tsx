import type { FarmWorker } from "@upreel/core";
import { factLine } from "../../../format.ts";
import { strings } from "../../../strings.ts";

const CHIP = {
  working: "chip live",
  idle: "chip",
  away: "chip",
  suspected: "chip warning",
  paused: "chip warning",
  draining: "chip warning",
  resting: "chip",
  in_use: "chip",
} satisfies Record<FarmWorker["state"], string>;

/** What can be ordered of a worker without a question. */
export type WorkerOrder = "pause" | "resume" | "drain";

interface WorkerRowProps {
  readonly worker: FarmWorker;
  readonly onOrder: (order: WorkerOrder) => void;
  readonly onLimits: () => void;
  readonly onRemove: () => void;
}

/** One other computer: what it is, makes and did, and what to do with it. */
export function WorkerRow({ worker, onOrder, onLimits, onRemove }: WorkerRowProps) {
  const names = strings.system.farm;
  const { name, state, problem } = worker;
  const isHeld = state === "paused" || state === "draining";
  return (
    <li class="finding">
      <span class={CHIP[state]}>{strings.system.workers[state]}</span>
      <div>
        <h3 class="row-title">{name}</h3>
        <p class="quiet">{doing(worker)}</p>
        {limitsText(worker) !== "" && <p class="small">{limitsText(worker)}</p>}
        {problem !== null && <p class="small">{problem}</p>}
        <div class="row-buttons">
          {isHeld ? (
            <button type="button" class="button" onClick={() => onOrder("resume")}>
              {names.resume}
            </button>
          ) : (
            <>
              <button type="button" class="button" onClick={() => onOrder("pause")}>
                {names.pause}
              </button>
              <button
                type="button"
                class="button"
                title={names.drainNote}
                onClick={() => onOrder("drain")}
              >
                {names.drain}
              </button>
            </>
          )}
          <button type="button" class="button" onClick={onLimits}>
            {names.limits}
          </button>
          <button type="button" class="button" onClick={onRemove}>
            {names.remove}
          </button>
        </div>
      </div>
    </li>
  );
}

const doing = ({ hardware, gpu_celsius, runs, fps, segments, refused }: FarmWorker): string =>
  factLine(
    [
      hardware,
      gpu_celsius === null ? null : strings.system.gpuCelsius(gpu_celsius),
      ...runs.map((run) => run.title),
      runs.length > 0 ? strings.system.workerSpeed(fps) : null,
      segments + refused > 0 ? strings.system.farm.sent(segments, refused) : null,
    ].filter((part) => part !== null),
  );

const limitsText = ({
  limits: { streams, hours, weight, megabits, while_in_use },
}: FarmWorker): string => {
  const say = strings.system.workerLimits;
  return factLine(
    [
      streams === null ? null : say.streams(streams),
      hours === null ? null : say.hours(hours),
      weight === null ? null : say.weight(weight),
      megabits === null ? null : say.megabits(megabits),
      while_in_use ? null : say.notInUse,
    ].filter((part) => part !== null),
  );
};
