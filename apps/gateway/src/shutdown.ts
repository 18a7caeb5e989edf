/** Ctrl-C under npm arrives twice: from the terminal, and passed on by npm. */
const SAME_SIGNAL_MS = 1000;

/** Aborts at the first SIGINT or SIGTERM; one that follows later ends the process at once. */
export function untilSignalled(controller = new AbortController()): AbortSignal {
  let firstAtMs = 0;
  const onSignal = (name: NodeJS.Signals): void => {
    if (!controller.signal.aborted) firstAtMs = performance.now();
    else if (performance.now() - firstAtMs > SAME_SIGNAL_MS) process.exit(130);
    controller.abort(name);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return controller.signal;
}

/** Settles when `signal` aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Ends the process when shutting down takes longer: a hung child must not keep a service from restarting. */
export function exitAfter(milliseconds: number): void {
  setTimeout(() => process.exit(1), milliseconds).unref();
}
