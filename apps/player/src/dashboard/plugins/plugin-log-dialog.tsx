import type { PluginLogs } from "@upreel/core";
import { useEffect } from "preact/hooks";
import { Dialog } from "../../components/dialog.tsx";
import { Problem } from "../../components/problem.tsx";
import { useLoaded } from "../../components/use-loaded.ts";
import { strings } from "../../strings.ts";
import type { ShownPlugin } from "./plugin-row.tsx";

const LOOK_MS = 2_000;

/** What a plugin wrote since the gateway was started, the newest first. */
export function PluginLogDialog({
  plugin: { id, name },
  onClose,
}: {
  readonly plugin: ShownPlugin;
  readonly onClose: () => void;
}) {
  const { loaded, reload } = useLoaded<PluginLogs>(`plugins/${encodeURIComponent(id)}/logs`);
  useEffect(() => {
    const looking = setInterval(reload, LOOK_MS);
    return () => clearInterval(looking);
  }, []);
  const state = loaded.value;
  const names = strings.plugins;
  return (
    <Dialog title={names.logOf(name)} onClose={onClose}>
      {state.kind === "failed" && <Problem thrown={state.thrown} onRetry={reload} />}
      {state.kind === "loaded" && state.value.lines.length === 0 && (
        <p class="quiet">{names.logEmpty}</p>
      )}
      {state.kind === "loaded" && state.value.lines.length > 0 && (
        <ol class="log plugin-log" tabIndex={0} aria-label={names.logOf(name)} dir="ltr">
          {state.value.lines.toReversed().map(({ at_ms: atMs, level, text }, k) => (
            <li key={state.value.lines.length - k} class={level}>
              <time class="quiet">{new Date(atMs).toISOString().slice(11, 19)}</time>
              <b>{level}</b>
              <span>{text}</span>
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}
