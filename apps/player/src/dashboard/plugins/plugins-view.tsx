import { useSignal } from "@preact/signals";
import type { ScansAnswer } from "@upreel/core";
import { useEffect } from "preact/hooks";
import { call, type CallOptions } from "../../api/gateway.ts";
import { CommandLine } from "../../components/command-line.tsx";
import { Problem } from "../../components/problem.tsx";
import { useLoaded } from "../../components/use-loaded.ts";
import { strings } from "../../strings.ts";
import { PluginLogDialog } from "./plugin-log-dialog.tsx";
import { PluginRow, RefusedRow, type ShownPlugin } from "./plugin-row.tsx";
import { RecentScans } from "./recent-scans.tsx";
import { ViewHead } from "../view-head.tsx";

const LOOK_MS = 3_000;
const INSTALL = "npm run upreel -- plugins install ./my-plugin";

/** Plugins, what they may do, what is wrong with one, and the films that they looked at. */
export function PluginsView() {
  const { loaded, reload, put } = useLoaded<ScansAnswer>("scans");
  const problem = useSignal<unknown>(undefined);
  const logOf = useSignal<ShownPlugin | undefined>(undefined);
  useEffect(() => {
    const looking = setInterval(() => !document.hidden && reload(), LOOK_MS);
    return () => clearInterval(looking);
  }, []);
  const names = strings.plugins;
  const ask = async (path: string, options: CallOptions): Promise<void> => {
    problem.value = undefined;
    try {
      put(await call<ScansAnswer>(path, options));
    } catch (thrown) {
      problem.value = thrown;
    }
  };
  const state = loaded.value;
  return (
    <>
      <ViewHead title={names.title} text={names.text} />
      {problem.value !== undefined && <Problem thrown={problem.value} />}
      {state.kind === "failed" && <Problem thrown={state.thrown} onRetry={reload} />}
      {state.kind === "loading" && <div class="skeleton findings-skeleton" />}
      {state.kind === "loaded" && (
        <>
          <Notes answer={state.value} />
          <ul class="card rows">
            {state.value.plugins.map((plugin) => (
              <PluginRow
                key={plugin.id}
                plugin={plugin}
                onSwitch={(change) =>
                  void ask(`plugins/${encodeURIComponent(plugin.id)}`, {
                    method: "PUT",
                    body: change,
                  })
                }
                onLog={() => (logOf.value = plugin)}
              />
            ))}
            {state.value.refused.map((refused) => (
              <RefusedRow key={refused.folder} {...refused} />
            ))}
          </ul>
          <RecentScans
            answer={state.value}
            onAgain={(path) => void ask("scans", { method: "POST", body: { path } })}
          />
        </>
      )}
      <section class="group">
        <h2>{names.install}</h2>
        <p class="quiet small">{names.installText}</p>
        <CommandLine text={INSTALL} />
      </section>
      {logOf.value !== undefined && (
        <PluginLogDialog plugin={logOf.value} onClose={() => (logOf.value = undefined)} />
      )}
    </>
  );
}

/** How far plugins are kept apart, and whether they look at films by themselves. */
function Notes({ answer }: { readonly answer: ScansAnswer }) {
  const names = strings.plugins;
  return (
    <>
      {answer.sandbox === "none" ? (
        <div class="note warning">
          <div>
            <p>{names.notConfined}</p>
            {answer.sandbox_reason !== null && (
              <details class="small">
                <summary>{strings.errors.details}</summary>
                <p dir="auto">{answer.sandbox_reason}</p>
              </details>
            )}
          </div>
        </div>
      ) : (
        <p class="quiet small">{names.confined}</p>
      )}
      {!answer.is_on && (
        <div class="note">
          <div>
            <p>
              <a href="#/settings">{names.isOff}</a>
            </p>
          </div>
        </div>
      )}
    </>
  );
}
