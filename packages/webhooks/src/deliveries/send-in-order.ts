import { toUpreelError, type WebhookReceiver } from "@upreel/core";
import { makeRequest, type WebhookRequest } from "../requests/make-request.ts";
import { sendRequest } from "../requests/send-request.ts";
import { signatureHeaders } from "../requests/sign-request.ts";
import type { Delivery, DeliveryStore } from "./delivery-store.ts";

export interface SendTimes {
  /** From the call to the end of its answer. */
  readonly answerMs: number;
  /** The first wait; each is twice as long as the one before. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** What could not be sent for so long is given up. */
  readonly giveUpMs: number;
}

/** Sends what waits for one receiver: one after the other, in the order of what happened. */
export interface Sender extends AsyncDisposable {
  /** There is something to send, or it is to be tried now. */
  look(): void;
  /** The delivery whose attempt is under way. */
  readonly sending: number | undefined;
}

export interface SenderParts {
  readonly receiver: WebhookReceiver;
  readonly store: DeliveryStore;
  readonly times: SendTimes;
  readonly nowMs: () => number;
  readonly warn: (text: string) => void;
}

/** A timer can be set for no longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function createSender(parts: SenderParts): Sender {
  const { receiver, store, nowMs, warn } = parts;
  const closing = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;
  let sending: number | undefined;
  let isWanted = false;

  async function sendAll(): Promise<void> {
    for (;;) {
      const next = store.next(receiver.id);
      if (next === undefined || closing.signal.aborted) return;
      const waitMs = next.nextTryMs - nowMs();
      if (waitMs > 0) {
        timer = setTimeout(look, Math.min(waitMs, LONGEST_TIMER_MS)).unref();
        return;
      }
      sending = next.id;
      try {
        await attempt(parts, next, closing.signal);
      } finally {
        sending = undefined;
      }
    }
  }

  /** Until nobody has looked since the last look: what comes at the end of one is seen by the next. */
  async function work(): Promise<void> {
    try {
      while (isWanted) {
        isWanted = false;
        await sendAll();
      }
    } catch (thrown) {
      if (!closing.signal.aborted) warn(`${receiver.name} is not told: ${String(thrown)}`);
    } finally {
      working = undefined;
    }
  }

  function look(): void {
    clearTimeout(timer);
    if (closing.signal.aborted) return;
    isWanted = true;
    working ??= work();
  }

  return {
    look,
    get sending() {
      return sending;
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      clearTimeout(timer);
      await working;
    },
  };
}

/** One attempt, and what becomes of the delivery by it. What `signal` ends waits as before. */
async function attempt(
  { receiver, store, times, nowMs, warn }: SenderParts,
  { id, event, messageId, subject, attempts, createdMs }: Delivery,
  signal: AbortSignal,
): Promise<void> {
  const message = subject === undefined ? undefined : store.message(receiver.id, subject);
  const request = requestOrReason(receiver, event, message);
  // No other try would change that, and the next one waits.
  if (typeof request === "string")
    return store.end(id, { state: "failed", status: undefined, reason: request });
  const seconds = Math.floor(nowMs() / 1000);
  const signed = signatureHeaders(messageId, seconds, request.body, receiver.secret);
  const result = await sendRequest(
    { ...request, headers: { ...request.headers, ...signed } },
    { signal, timeoutMs: times.answerMs },
  );
  if (result.kind === "taken") {
    if (subject !== undefined && result.message !== undefined && receiver.kind === "discord")
      store.keepMessage(receiver.id, subject, result.message);
    return store.end(id, { state: "sent", status: result.status, reason: undefined });
  }
  const { status, reason } = result;
  if (status === 404 && message !== undefined && subject !== undefined) {
    // Somebody deleted the message that was to be changed: there is a new one.
    store.keepMessage(receiver.id, subject, undefined);
    return store.later(id, { nextTryMs: nowMs(), status, reason });
  }
  const isGivenUp = nowMs() - createdMs >= times.giveUpMs;
  if (result.kind === "refused" || isGivenUp) {
    warn(`${receiver.name} is not told of ${event.name}: ${reason}`);
    return store.end(id, { state: "failed", status, reason });
  }
  const backOffMs = Math.min(times.firstMs * 2 ** Math.min(attempts, 30), times.longestMs);
  const waitMs = Math.min(result.afterMs ?? backOffMs, times.longestMs);
  store.later(id, { nextTryMs: nowMs() + waitMs, status, reason });
}

/** The call, or why none can be made: an address may be odd. */
function requestOrReason(...asked: Parameters<typeof makeRequest>): WebhookRequest | string {
  try {
    return makeRequest(...asked);
  } catch (thrown) {
    return toUpreelError(thrown).message;
  }
}
