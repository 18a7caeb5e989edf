import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { FarmAnswer, FarmWorker } from "@upreel/core";
import { send } from "../../../api/gateway.ts";
import { Problem } from "../../../components/problem.tsx";
import { useLoaded } from "../../../components/use-loaded.ts";
import { strings } from "../../../strings.ts";
import { AddWorkerDialog, RemoveWorkerDialog, WorkerLimitsDialog } from "./worker-dialogs.tsx";
import { WorkerRow, type WorkerOrder } from "./worker-row.tsx";

const LOOK_MS = 2_000;

/** What is open above the page. */
type Opened =
  | { readonly kind: "add" }
  | { readonly kind: "limits" | "remove"; readonly worker: FarmWorker };

/** The other computers that make segments, and how one more joins. */
export function WorkersCard() {
  const { loaded, reload } = useLoaded<FarmAnswer>("farm");
  const opened = useSignal<Opened | undefined>(undefined);
  const problem = useSignal<unknown>(undefined);
  useEffect(() => {
    const looking = setInterval(() => !document.hidden && reload(), LOOK_MS);
    return () => clearInterval(looking);
  }, []);
  const state = loaded.value;
  if (state.kind !== "loaded") return null;
  const names = strings.system.farm;
  const { workers } = state.value;
  const order = (name: string, what: WorkerOrder): void => {
    problem.value = undefined;
    send(`farm/workers/${name}/${what}`, { method: "POST" }).then(
      reload,
      (thrown: unknown) => void (problem.value = thrown),
    );
  };
  const close = (): void => void (opened.value = undefined);
  const done = (): void => {
    close();
    reload();
  };
  const now = opened.value;
  return (
    <section class="group">
      <div class="group-head">
        <div>
          <h2>{names.title}</h2>
          <p class="quiet small">{names.text}</p>
        </div>
        <button type="button" class="button" onClick={() => (opened.value = { kind: "add" })}>
          {names.add}
        </button>
      </div>
      {problem.value !== undefined && <Problem thrown={problem.value} />}
      {workers.length > 0 && (
        <ul class="card rows">
          {workers.map((worker) => (
            <WorkerRow
              key={worker.name}
              worker={worker}
              onOrder={(what) => order(worker.name, what)}
              onLimits={() => (opened.value = { kind: "limits", worker })}
              onRemove={() => (opened.value = { kind: "remove", worker })}
            />
          ))}
        </ul>
      )}
      {now?.kind === "add" && <AddWorkerDialog onClose={done} />}
      {now?.kind === "limits" && (
        <WorkerLimitsDialog worker={now.worker} onDone={done} onClose={close} />
      )}
      {now?.kind === "remove" && (
        <RemoveWorkerDialog worker={now.worker} onDone={done} onClose={close} />
      )}
    </section>
  );
}
