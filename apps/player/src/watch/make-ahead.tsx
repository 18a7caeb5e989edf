import { useSignal } from "@preact/signals";
import { call, explain } from "../api/gateway.ts";
import { ToldReason } from "../components/told-reason.tsx";
import { strings } from "../strings.ts";

/** Has a film made for later that is made too slowly to be played meanwhile. */
export function MakeAhead({ id }: { readonly id: string }) {
  const problem = useSignal<unknown>(undefined);
  const make = (): void => {
    problem.value = undefined;
    call(`streams/${id}/resume?for=later`, { method: "POST" }).catch(
      (thrown: unknown) => void (problem.value = thrown),
    );
  };
  return (
    <>
      {problem.value !== undefined && <ToldReason {...explain(problem.value)} />}
      <button type="button" class="button" onClick={make}>
        {strings.watch.makeAhead}
      </button>
    </>
  );
}
