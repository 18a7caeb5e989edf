import { useSignal } from "@preact/signals";
import type { ModelEntry } from "@upreel/core";
import { call } from "../api/gateway.ts";
import { Icon } from "../components/icon.tsx";
import { Problem } from "../components/problem.tsx";
import { useLoaded } from "../components/use-loaded.ts";
import { bytes } from "../format.ts";
import { strings } from "../strings.ts";
import { ModelDrop } from "./model-drop.tsx";

interface ModelsAnswer {
  readonly models: readonly ModelEntry[];
}
interface SettingsAnswer {
  readonly settings: readonly {
    readonly name: string;
    readonly value: unknown;
    readonly can_change: boolean;
  }[];
}

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
  const choose = (id: string): void =>
    run(call("settings", { method: "PUT", body: { MODEL: id } }));
  return (
    <>
      <div class="view-head">
        <div>
          <h1>{names.title}</h1>
          <p class="quiet">{names.text}</p>
        </div>
        {setting !== undefined && setting.value !== "auto" && setting.can_change && (
          <button type="button" class="button" onClick={() => choose("auto")}>
            {names.auto}
          </button>
        )}
      </div>
      <ModelDrop onImported={reload} />
      {problem.value !== undefined && <Problem thrown={problem.value} />}
      {state.kind === "failed" && <Problem thrown={state.thrown} onRetry={reload} />}
      {state.kind === "loading" && <div class="skeleton findings-skeleton" />}
      {state.kind === "loaded" && (
        <ul class="card rows">
          {state.value.models.map((model) => (
            <ModelRow
              key={model.id}
              model={model}
              isChosen={setting?.value === model.id}
              canChoose={setting?.can_change === true}
              onChoose={() => choose(model.id)}
              onRemove={() => run(call(`models/${model.id}`, { method: "DELETE" }))}
            />
          ))}
        </ul>
      )}
    </>
  );
}

interface ModelRowProps {
  readonly model: ModelEntry;
  readonly isChosen: boolean;
  readonly canChoose: boolean;
  readonly onChoose: () => void;
  readonly onRemove: () => void;
}

function ModelRow({ model, isChosen, canChoose, onChoose, onRemove }: ModelRowProps) {
  const names = strings.models;
  const facts = [
    model.scale === null ? undefined : `×${model.scale}`,
    model.parameters === null ? undefined : names.weights(model.parameters),
    bytes(model.size_bytes),
    model.megapixels_per_second === null
      ? names.notTimed
      : names.speed(model.megapixels_per_second),
  ];
  return (
    <li class="model">
      <div>
        <h2 class="row-title">{model.id}</h2>
        <p class={model.state === "refused" ? "small bad-text" : "small quiet"}>
          {model.description}
        </p>
        <p class="small quiet figures-text">
          {facts.filter((fact) => fact !== undefined).join(" · ")}
        </p>
      </div>
      <div class="model-actions">
        {isChosen ? (
          <span class="chip live">{names.chosen}</span>
        ) : (
          model.state === "ready" &&
          canChoose && (
            <button type="button" class="button" onClick={onChoose}>
              {names.choose}
            </button>
          )
        )}
        {model.origin === "imported" && (
          <button
            type="button"
            class="button bare"
            aria-label={names.remove(model.id)}
            onClick={onRemove}
          >
            <Icon name="trash" />
          </button>
        )}
      </div>
    </li>
  );
}
