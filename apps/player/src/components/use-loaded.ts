import { batch, useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { call } from "../api/gateway.ts";

/** What a call gave: nothing yet, a value, or a failure. */
export type Loaded<T> =
  | { readonly kind: "loading" }
  | { readonly kind: "loaded"; readonly value: T }
  | { readonly kind: "failed"; readonly thrown: unknown };

/** Gets `path` from the gateway, again when it changes or on `reload`; a newer call ends an older one. */
export function useLoaded<T>(path: string): {
  readonly loaded: ReadonlySignal<Loaded<T>>;
  /** A call is under way; what an earlier one gave is kept meanwhile. */
  readonly isBusy: ReadonlySignal<boolean>;
  readonly reload: () => void;
  readonly put: (value: T) => void;
} {
  const loaded = useSignal<Loaded<T>>({ kind: "loading" });
  const isBusy = useSignal(true);
  const attempt = useSignal(0);
  useEffect(() => {
    const closing = new AbortController();
    const { signal } = closing;
    isBusy.value = true;
    const end = (next: Loaded<T>): void => {
      if (signal.aborted) return;
      batch(() => {
        loaded.value = next;
        isBusy.value = false;
      });
    };
    call<T>(path, { signal }).then(
      (value) => end({ kind: "loaded", value }),
      (thrown: unknown) => end({ kind: "failed", thrown }),
    );
    return () => closing.abort();
  }, [path, attempt.value]);
  return {
    ...{ loaded, isBusy },
    reload: () => void attempt.value++,
    put: (value) => void (loaded.value = { kind: "loaded", value }),
  };
}
