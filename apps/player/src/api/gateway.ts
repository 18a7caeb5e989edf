import { signal } from "@preact/signals";
import type { ErrorAnswer } from "@upreel/core";
import { sentence } from "../format.ts";
import { strings } from "../strings.ts";

const TOKEN_KEY = "upreel.token";

/** Absolute URL of a path of the gateway, which may live below a path of a proxy. */
export function urlOf(path: string): string {
  // Each page says how deep it lies.
  const root = new URL(document.documentElement.dataset["root"] ?? "./", location.href);
  return new URL(path, root).href;
}

/** True when the gateway refused a call for want of the API token. */
export const needsToken = signal(false);

/** What the gateway said no with; `code` is one of core's error codes, or `offline`. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly code: string;
  readonly expected: string | undefined;
  readonly got: string | undefined;

  constructor(code: string, message: string, expected?: string, got?: string) {
    super(message);
    this.code = code;
    this.expected = expected;
    this.got = got;
  }
}

export interface CallOptions {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON; a form as multipart. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** Calls the gateway; rejects with a `GatewayError`, also when it cannot be reached. */
export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const response = await send(path, options);
  return (await response.json()) as T;
}

/** The answer itself, for event streams and pictures. */
export async function send(path: string, options: CallOptions = {}): Promise<Response> {
  const { method = "GET", body, signal } = options;
  const isForm = body instanceof FormData;
  const response = await fetch(urlOf(path), {
    method,
    headers: {
      ...tokenHeader(),
      ...(body === undefined || isForm ? {} : { "Content-Type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((cause: unknown) => {
    if (signal?.aborted === true) throw cause;
    throw new GatewayError("offline", strings.errors.offline);
  });
  if (response.ok) return response;
  if (response.status === 401) needsToken.value = true;
  throw await refusal(response);
}

async function refusal(response: Response): Promise<GatewayError> {
  const answer = (await response.json().catch(() => undefined)) as ErrorAnswer | undefined;
  if (typeof answer?.message !== "string")
    // 502 to 504 without our words: a proxy whose gateway is away, which is tried again.
    return response.status >= 502 && response.status <= 504
      ? new GatewayError("offline", strings.errors.offline)
      : new GatewayError("internal", strings.errors.status(response.status));
  return new GatewayError(answer.code, answer.message, answer.expected, answer.got);
}

/** Keeps the token for this browser; an empty one forgets it. Whether it is right shows the next call. */
export function keepToken(token: string): void {
  if (token === "") localStorage.removeItem(TOKEN_KEY);
  else localStorage.setItem(TOKEN_KEY, token);
}

/** The token that this browser keeps. */
export const keptToken = (): string | undefined => localStorage.getItem(TOKEN_KEY) ?? undefined;

function tokenHeader(): Record<string, string> {
  const token = keptToken();
  return token === undefined ? {} : { "X-Api-Token": token };
}

interface ExplainedReason {
  readonly code: string;
  readonly message: string;
  readonly expected?: string | undefined;
  readonly got?: string | undefined;
}

/** What failed, in one sentence, and what an expert wants to know beside it; empty for nothing. */
export interface Explanation {
  readonly sentence: string;
  readonly details: string;
}

/** What anything that was thrown means for people. */
export function explain(thrown: unknown): Explanation {
  return thrown instanceof GatewayError
    ? explainReason(thrown)
    : { sentence: String(thrown), details: "" };
}

/** The same of a reason that the gateway gave for something that ended. */
export function explainReason({ code, message, expected, got }: ExplainedReason): Explanation {
  const own = strings.errors.codes[code as keyof typeof strings.errors.codes];
  const details = [
    own === undefined ? undefined : sentence(message),
    expected === undefined ? undefined : strings.errors.expected(expected),
    got === undefined ? undefined : strings.errors.got(got),
  ].filter((part) => part !== undefined);
  return {
    sentence: own ?? sentence(message),
    details: details.length === 0 ? "" : [...details, `(${code})`].join(" "),
  };
}
