import { useSignal } from "@preact/signals";
import { call, GatewayError } from "../api/gateway.ts";
import { Problem } from "../components/problem.tsx";
import { useLoaded } from "../components/use-loaded.ts";
import { strings } from "../strings.ts";
import { fromText, SettingField, toText, type Setting } from "./setting-field.tsx";

interface SettingsAnswer {
  readonly settings: readonly Setting[];
}

/** Every setting of the gateway; what is changed is tried by the gateway's own schema. */
export function SettingsView() {
  const { loaded, reload, put } = useLoaded<SettingsAnswer>("settings");
  const changed = useSignal<Readonly<Record<string, string>>>({});
  const problem = useSignal<unknown>(undefined);
  const isKept = useSignal(false);
  const state = loaded.value;
  const names = strings.settings;
  const keep = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (state.kind !== "loaded") return;
    problem.value = undefined;
    const values = Object.fromEntries(
      state.value.settings
        .filter(({ name }) => name in changed.value)
        .map(({ name }) => [name, fromText(changed.value[name])]),
    );
    try {
      put(await call<SettingsAnswer>("settings", { method: "PUT", body: values }));
      changed.value = {};
      isKept.value = true;
    } catch (thrown) {
      problem.value = thrown;
    }
  };
  const count = Object.keys(changed.value).length;
  const problems = problemsByName(problem.value);
  const isElsewhere = problem.value !== undefined && problems.size === 0;
  return (
    <>
      <div class="view-head">
        <div>
          <h1>{names.title}</h1>
          <p class="quiet">{names.text}</p>
        </div>
      </div>
      {state.kind === "failed" && <Problem thrown={state.thrown} onRetry={reload} />}
      {state.kind === "loading" && <div class="skeleton findings-skeleton" />}
      {state.kind === "loaded" && (
        <form class="settings" noValidate onSubmit={(event) => void keep(event)}>
          {state.value.settings.some(({ is_waiting: isWaiting }) => isWaiting) && (
            <div class="note warning" role="status">
              <div>{names.restart}</div>
            </div>
          )}
          <ul class="card rows">
            {state.value.settings.map((setting) => (
              <SettingField
                key={setting.name}
                setting={setting}
                text={changed.value[setting.name] ?? toText(setting)}
                problem={problems.get(setting.name)}
                onChange={(text) => {
                  isKept.value = false;
                  const { [setting.name]: _, ...others } = changed.value;
                  changed.value =
                    text === toText(setting) ? others : { ...others, [setting.name]: text };
                }}
              />
            ))}
          </ul>
          {isElsewhere && <Problem thrown={problem.value} />}
          <footer class="settings-foot">
            <span class="quiet" role="status">
              {isKept.value ? names.kept : count > 0 ? names.changed(count) : ""}
            </span>
            <button
              type="button"
              class="button"
              disabled={count === 0}
              onClick={() => {
                changed.value = {};
                problem.value = undefined;
              }}
            >
              {names.undo}
            </button>
            <button class="button primary" disabled={count === 0}>
              {names.keep}
            </button>
          </footer>
        </form>
      )}
    </>
  );
}

/** The gateway lists every wrong value in a line `NAME: expected …, got …`. */
function problemsByName(thrown: unknown): ReadonlyMap<string, string> {
  if (!(thrown instanceof GatewayError)) return new Map();
  const lines = [...thrown.message.matchAll(/^\s*([A-Z_]+): (.+)$/gm)];
  return new Map(lines.map(([, name = "", text = ""]) => [name, text]));
}
