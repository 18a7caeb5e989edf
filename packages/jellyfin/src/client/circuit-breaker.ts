export interface CircuitBreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** First time that it stays open; doubled after every failed trial. */
  readonly openMs: number;
  readonly maxOpenMs: number;
}

/** Keeps callers from waiting for a server that is known to be away. */
export interface CircuitBreaker {
  /** Whether a call may go out now; after the open time one call may, as a trial. */
  mayTry(): boolean;
  /** Milliseconds until the next trial; 0 when calls may go out. */
  waitMs(): number;
  noteSuccess(): void;
  noteFailure(): void;
  /** A call ended without an answer because its caller gave it up: it tells nothing of the server. */
  noteGivenUp(): void;
}

type State =
  | { readonly kind: "closed"; readonly failures: number }
  | { readonly kind: "open"; readonly untilMs: number; readonly openMs: number }
  | { readonly kind: "trial"; readonly openMs: number };

/** `now` counts milliseconds; any monotonic clock. */
export function createCircuitBreaker(
  now: () => number,
  options: CircuitBreakerOptions,
): CircuitBreaker {
  let state: State = { kind: "closed", failures: 0 };
  const open = (openMs: number): State => ({ kind: "open", untilMs: now() + openMs, openMs });
  return {
    mayTry() {
      if (state.kind === "closed") return true;
      if (state.kind === "trial" || now() < state.untilMs) return false;
      state = { kind: "trial", openMs: state.openMs };
      return true;
    },
    waitMs: () => (state.kind === "open" ? Math.max(0, state.untilMs - now()) : 0),
    noteSuccess() {
      state = { kind: "closed", failures: 0 };
    },
    noteGivenUp() {
      // The next call is the trial in its place: else there would never be one again.
      if (state.kind === "trial") state = { kind: "open", untilMs: now(), openMs: state.openMs };
    },
    noteFailure() {
      if (state.kind === "trial") state = open(Math.min(state.openMs * 2, options.maxOpenMs));
      else if (state.kind === "closed")
        state =
          state.failures + 1 >= options.failures
            ? open(options.openMs)
            : { kind: "closed", failures: state.failures + 1 };
    },
  };
}
