import { useSignal } from "@preact/signals";
import type { Benchmark } from "@upreel/core";
import { useEffect } from "preact/hooks";
import { call } from "../../api/gateway.ts";
import { Problem } from "../../components/problem.tsx";
import { useLoaded } from "../../components/use-loaded.ts";
import { strings } from "../../strings.ts";

const POLL_MS = 1_000;

/** Measures every model on this machine; what was measured stands beside each model. */
export function BenchmarkBar({ onProgress }: { readonly onProgress: () => void }) {
  const { loaded, reload } = useLoaded<Benchmark>("benchmark");
  const problem = useSignal<unknown>(undefined);
  const now = loaded.value.kind === "loaded" ? loaded.value.value : undefined;
  const isBusy = now !== undefined && now.state !== "idle";
  useEffect(() => {
    if (!isBusy) return;
    const timer = setInterval(reload, POLL_MS);
    return () => {
      clearInterval(timer);
      onProgress();
    };
  }, [isBusy]);
  const start = (): void => {
    problem.value = undefined;
    call("benchmark", { method: "POST" }).then(reload, (thrown: unknown) => {
      problem.value = thrown;
    });
  };
  const names = strings.models;
  return (
    <>
      <div class="benchmark">
        <button type="button" class="button" disabled={now === undefined || isBusy} onClick={start}>
          {names.measure}
        </button>
        <span class="quiet small" role="status">
          {now?.state === "waiting" && names.measureWaits}
          {now?.state === "running" && names.measuring(now.done, now.total)}
        </span>
      </div>
      {loaded.value.kind === "failed" && <Problem thrown={loaded.value.thrown} onRetry={reload} />}
      {problem.value !== undefined && <Problem thrown={problem.value} />}
    </>
  );
}
