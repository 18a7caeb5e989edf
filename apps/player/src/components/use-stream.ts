import { signal, useSignal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { ofAnyVersion } from "@upreel/core/plain";
import { useEffect } from "preact/hooks";
import { followEvents } from "../api/events.ts";
import { call, type GatewayError } from "../api/gateway.ts";

/** What is known of one stream. */
export type KnownStream =
  | { readonly kind: "loading" | "missing" }
  | { readonly kind: "refused"; readonly error: GatewayError }
  | { readonly kind: "known"; readonly status: Signal<StreamStatus> };

/** Follows one stream, also behind other windows: playing goes on there. */
export function useStream(id: string): {
  readonly known: ReadonlySignal<KnownStream>;
  /** The gateway does not answer. */
  readonly isLost: ReadonlySignal<boolean>;
} {
  const known = useSignal<KnownStream>({ kind: "loading" });
  const isLost = useSignal(false);
  const attempt = useSignal(0);
  useEffect(() => {
    const closing = new AbortController();
    // One that was deleted to make room is made again for who comes with its link.
    const beginAgain = (): void => {
      call(`streams/${id}/resume`, { method: "POST", signal: closing.signal }).then(
        () => void attempt.value++,
        () => (known.value = { kind: "missing" }),
      );
    };
    followEvents(
      `events?id=${encodeURIComponent(id)}`,
      {
        onOpen: () => (isLost.value = false),
        onEvent(name, payload) {
          if (name === "removed") known.value = { kind: "missing" };
          if (name !== "status") return;
          const status = ofAnyVersion(payload as StreamStatus);
          if (known.value.kind === "known") known.value.status.value = status;
          else known.value = { kind: "known", status: signal(status) };
        },
        onLost(error) {
          if (error === undefined) isLost.value = true;
          else if (error.code === "stream_not_found") beginAgain();
          else known.value = { kind: "refused", error };
        },
      },
      { signal: closing.signal, whileHidden: () => true },
    );
    return () => closing.abort();
  }, [id, attempt.value]);
  return { known, isLost };
}
