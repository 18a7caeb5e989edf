import { useSignal } from "@preact/signals";
import type { Setting, SettingsAnswer } from "@upreel/core";
import { useEffect, useMemo } from "preact/hooks";
import { call } from "../../api/gateway.ts";
import { Problem } from "../../components/problem.tsx";
import { strings } from "../../strings.ts";
import { untilRestarted } from "./until-restarted.ts";

interface RestartNoteProps {
  readonly settings: readonly Setting[];
  /** What is set, told by the gateway that works with it. */
  readonly onRestarted: (answer: SettingsAnswer) => void;
}

/** Says that saved settings wait for a restart, and does it. */
export function RestartNote({ settings, onRestarted }: RestartNoteProps) {
  const isBusy = useSignal(false);
  const problem = useSignal<unknown>(undefined);
  const leaving = useMemo(() => new AbortController(), []);
  useEffect(() => () => leaving.abort(), []);
  const names = strings.settings;
  const restart = async (): Promise<void> => {
    problem.value = undefined;
    isBusy.value = true;
    try {
      await call("restart", { method: "POST" });
      const answer = await untilRestarted(leaving.signal);
      if (answer !== undefined) onRestarted(answer);
    } catch (thrown) {
      problem.value = thrown;
    }
    isBusy.value = false;
  };
  const port = settings.find(({ name, is_waiting: isWaiting }) => name === "PORT" && isWaiting);
  const address = port && addressAt(port.text);
  return (
    <div class="note warning restart-note" role="status">
      <div>
        <p>{isBusy.value ? names.restarting : names.restart}</p>
        {address !== undefined && (
          <p class="small">
            {names.newAddress} <a href={address}>{address}</a>
          </p>
        )}
        {problem.value !== undefined && <Problem thrown={problem.value} />}
      </div>
      <button
        type="button"
        class="button primary"
        disabled={isBusy.value}
        onClick={() => void restart()}
      >
        {isBusy.value && <span class="spinner" aria-hidden="true" />}
        {names.restartNow}
      </button>
    </div>
  );
}

/** This page at another port. */
function addressAt(port: string): string {
  const url = new URL(location.href);
  url.port = port;
  return url.href;
}
