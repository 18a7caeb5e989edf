import { useSignal, type ReadonlySignal } from "@preact/signals";
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
  readonly reload: () => void;
  readonly put: (value: T) => void;
} {
  const loaded = useSignal<Loaded<T>>({ kind: "loading" });
  const attempt = useSignal(0);
  useEffect(() => {
    const closing = new AbortController();
    const { signal } = closing;
    call<T>(path, { signal }).then(
      (value) => !signal.aborted && (loaded.value = { kind: "loaded", value }),
      (thrown: unknown) => !signal.aborted && (loaded.value = { kind: "failed", thrown }),
    );
    return () => closing.abort();
  }, [path, attempt.value]);
  return {
    loaded,
    reload: () => void attempt.value++,
    put: (value) => void (loaded.value = { kind: "loaded", value }),
  };
}
