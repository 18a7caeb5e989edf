import { useEffect } from "preact/hooks";
import type { FarmAnswer, FarmWorker } from "@upreel/core";
import { useLoaded } from "../components/use-loaded.ts";
import { strings } from "../strings.ts";

const LOOK_MS = 2_000;

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

/** The other machines that make segments; nothing where there are none. */
export function WorkersCard() {
  const { loaded, reload } = useLoaded<FarmAnswer>("farm");
  useEffect(() => {
    const looking = setInterval(reload, LOOK_MS);
    return () => clearInterval(looking);
  }, []);
  const state = loaded.value;
  if (state.kind !== "loaded" || state.value.workers.length === 0) return null;
  return (
    <ul class="card rows">
      {state.value.workers.map((worker) => (
        <li key={worker.name} class="finding">
          <span class={CHIP[worker.state]}>{strings.system.workers[worker.state]}</span>
          <div>
            <h2 class="row-title">{worker.name}</h2>
            <p class="quiet">{doing(worker)}</p>
            {limitsOf(worker) !== "" && <p class="small">{limitsOf(worker)}</p>}
            {worker.problem !== null && <p class="small">{worker.problem}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}

const doing = ({ hardware, runs, fps }: FarmWorker): string =>
  [
    hardware,
    ...runs.map((run) => run.title),
    runs.length > 0 ? strings.system.workerSpeed(fps) : null,
  ]
    .filter((part) => part !== null)
    .join(" · ");

const limitsOf = ({ limits: { streams, hours, weight, while_in_use } }: FarmWorker): string => {
  const say = strings.system.workerLimits;
  return [
    streams === null ? null : say.streams(streams),
    hours === null ? null : say.hours(hours),
    weight === null ? null : say.weight(weight),
    while_in_use ? null : say.notInUse,
  ]
    .filter((part) => part !== null)
    .join(" · ");
};
