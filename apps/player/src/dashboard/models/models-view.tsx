import { useSignal } from "@preact/signals";
import type { ModelEntry, SettingsAnswer } from "@upreel/core";
import { useEffect } from "preact/hooks";
import { call } from "../../api/gateway.ts";
import { Problem } from "../../components/problem.tsx";
import { useLoaded } from "../../components/use-loaded.ts";
import { strings } from "../../strings.ts";
import { BenchmarkBar } from "./benchmark-bar.tsx";
import { mergeTwins, withoutFormat } from "./merge-twins.ts";
import { ModelDrop } from "./model-drop.tsx";
import { ModelRow } from "./model-row.tsx";
import { ViewHead } from "../view-head.tsx";

interface ModelsAnswer {
  readonly models: readonly ModelEntry[];
}
const POLL_MS = 1_000;

const isUnderWay = ({ state, download }: ModelEntry): boolean =>
  state === "checking" || download?.state === "downloading" || download?.state === "checking";

/** Which networks there are, how fast they are here, and which one is taken. */
export function ModelsView() {
  const { loaded, reload } = useLoaded<ModelsAnswer>("models");
  const settings = useLoaded<SettingsAnswer>("settings");
  const problem = useSignal<unknown>(undefined);
  const state = loaded.value;
  const names = strings.models;
  const setting =
    settings.loaded.value.kind === "loaded"
      ? settings.loaded.value.value.settings.find(({ name }) => name === "MODEL")
      : undefined;
  const run = (work: Promise<unknown>): void => {
    problem.value = undefined;
    work.then(
      () => {
        reload();
        settings.reload();
      },
      (thrown: unknown) => (problem.value = thrown),
    );
  };
  // Downloads and trials tell of no change by themselves.
  const isBusy = state.kind === "loaded" && state.value.models.some(isUnderWay);
  useEffect(() => {
    if (!isBusy) return;
    const timer = setInterval(reload, POLL_MS);
    return () => clearInterval(timer);
  }, [isBusy]);
  const choose = (id: string): void =>
    run(call("settings", { method: "PUT", body: { MODEL: id } }));
  return (
    <>
      <ViewHead title={names.title} text={names.text}>
        {setting !== undefined && setting.value !== "auto" && setting.can_change && (
          <button type="button" class="button" onClick={() => choose("auto")}>
            {names.auto}
          </button>
        )}
      </ViewHead>
      <ModelDrop onImported={reload} />
      <BenchmarkBar onProgress={reload} />
      {problem.value !== undefined && <Problem thrown={problem.value} />}
      {state.kind === "failed" && <Problem thrown={state.thrown} onRetry={reload} />}
      {state.kind === "loading" && <div class="skeleton findings-skeleton" />}
      {state.kind === "loaded" &&
        (["here", "available"] as const).map((group) => {
          const models = mergeTwins(state.value.models).filter(
            (model) => (model.state === "available") === (group === "available"),
          );
          return models.length === 0 ? null : (
            <section key={group} class="group">
              <h2>{names.groups[group]}</h2>
              <ul class="card rows">
                {models.map((model) => (
                  <ModelRow
                    key={model.id}
                    model={model}
                    isChosen={withoutFormat(String(setting?.value)) === withoutFormat(model.id)}
                    canChoose={setting?.can_change === true}
                    onChoose={() => choose(model.id)}
                    onRemove={() => run(call(`models/${model.id}`, { method: "DELETE" }))}
                    onDownload={() => run(call(`models/${model.id}/download`, { method: "POST" }))}
                  />
                ))}
              </ul>
            </section>
          );
        })}
    </>
  );
}
