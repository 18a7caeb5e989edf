import { GatewayError, send } from "./gateway.ts";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** The gateway sends a comment every 15 s; a silence of this length means that the line is dead. */
const SILENCE_MS = 40_000;

export interface Followed {
  /** One event of the stream; `payload` as the gateway sent it. */
  readonly onEvent: (name: string, payload: unknown) => void;
  readonly onOpen?: () => void;
  /** The line is gone; it is tried again, unless the error is the gateway's own refusal. */
  readonly onLost?: (error: GatewayError | undefined) => void;
}

/**
 * Follows server-sent events until `signal` aborts. Not EventSource: that can send no token. Lets go
 * of the connection while the page is hidden, unless `whileHidden` says that it is needed then: a browser has six for each host.
 */
export function followEvents(
  path: string,
  followed: Followed,
  {
    signal,
    whileHidden = () => false,
  }: { readonly signal: AbortSignal; readonly whileHidden?: () => boolean },
): void {
  let pauseMs = FIRST_PAUSE_MS;
  const follow = async (): Promise<void> => {
    while (!signal.aborted) {
      if (!whileHidden()) await untilVisible(signal);
      const line = new AbortController();
      const drop = (): void => line.abort();
      const onVisibility = (): void => {
        if (document.hidden && !whileHidden()) drop();
      };
      signal.addEventListener("abort", drop);
      document.addEventListener("visibilitychange", onVisibility);
      try {
        await read(path, line, {
          ...followed,
          onOpen() {
            pauseMs = FIRST_PAUSE_MS;
            followed.onOpen?.();
          },
        });
        if (!signal.aborted && !document.hidden) followed.onLost?.(undefined);
      } catch (thrown) {
        if (signal.aborted) return;
        const refused = thrown instanceof GatewayError && thrown.code !== "offline";
        if (!(document.hidden && line.signal.aborted))
          followed.onLost?.(refused ? thrown : undefined);
        if (refused) return;
      } finally {
        signal.removeEventListener("abort", drop);
        document.removeEventListener("visibilitychange", onVisibility);
        line.abort();
      }
      await pause(pauseMs, signal);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
  };
  void follow();
}

async function read(path: string, line: AbortController, followed: Followed): Promise<void> {
  const response = await send(path, { signal: line.signal });
  followed.onOpen?.();
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const timer = setTimeout(() => line.abort(), SILENCE_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(timer));
    if (done) return;
    text += decoder.decode(value, { stream: true });
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) dispatch(event, followed);
  }
}

function dispatch(event: string, { onEvent }: Followed): void {
  const name = /^event: (.*)$/m.exec(event)?.[1];
  const payload = /^data: (.*)$/m.exec(event)?.[1];
  if (name !== undefined && payload !== undefined) onEvent(name, JSON.parse(payload));
}

function untilVisible(signal: AbortSignal): Promise<void> {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const look = (): void => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener("visibilitychange", look);
      signal.removeEventListener("abort", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look);
  });
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
  });
}
