import { z } from "zod";
import type { WebhookRequest } from "./make-request.ts";

/** What came of one attempt. `later`: it is worth another try. */
export type Attempt =
  | {
      readonly kind: "taken";
      readonly status: number;
      /** What the receiver calls the message. */
      readonly message: string | undefined;
    }
  | { readonly kind: "refused"; readonly status: number; readonly reason: string }
  | {
      readonly kind: "later";
      readonly status: number | undefined;
      readonly reason: string;
      /** When it asks to be called again. */
      readonly afterMs: number | undefined;
    };

/** No answer is worth more. */
const MOST_ANSWER_BYTES = 64 * 1024;
/** Answers that say: not now. */
const NOT_NOW = new Set([408, 425, 429]);

/**
 * Calls a receiver once. Whoever set its address may name a machine of the house; a receiver that sends Upreel
 * elsewhere is not followed, and of what it answers nothing but the status is told. Rejects only when `signal` aborts.
 */
export async function sendRequest(
  request: WebhookRequest,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<Attempt> {
  const { method, url, headers, body } = request;
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const response = await fetch(url, {
      ...{ method, headers: { ...headers, "User-Agent": "Upreel" }, body },
      ...{ redirect: "manual", signal: bounded },
    });
    const { status } = response;
    if (status >= 200 && status < 300)
      return { kind: "taken", status, message: await readMessage(response) };
    await response.body?.cancel();
    if (status >= 300 && status < 400) {
      const reason = "it sends Upreel to another address: set that one";
      return { kind: "refused", status, reason };
    }
    const reason = `it answered ${status}`;
    return status >= 500 || NOT_NOW.has(status)
      ? { kind: "later", status, reason, afterMs: retryAfterMs(response.headers) }
      : { kind: "refused", status, reason };
  } catch (thrown) {
    signal.throwIfAborted();
    return {
      kind: "later",
      status: undefined,
      reason: reasonOf(thrown, timeoutMs),
      afterMs: undefined,
    };
  }
}

const messageSchema = z.object({ id: z.string().min(1).max(100) });

/** The id in its answer, if there is one; it may say anything, at any length. */
async function readMessage(response: Response): Promise<string | undefined> {
  let text = "";
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > MOST_ANSWER_BYTES) return undefined;
    }
    return messageSchema.safeParse(JSON.parse(text)).data?.id;
  } catch {
    // It took the message, whatever it says then.
    return undefined;
  }
}

/** Seconds; dates are not worth the trouble. */
function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get("retry-after") ?? "";
  return /^\d{1,6}$/.test(text) ? Number(text) * 1000 : undefined;
}

function reasonOf(thrown: unknown, timeoutMs: number): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.name === "TimeoutError") return `no answer within ${timeoutMs / 1000} s`;
  const { cause } = thrown;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  return code ?? (cause instanceof Error ? cause.message : thrown.message).slice(0, 200);
}
