import { setTimeout as sleep } from "node:timers/promises";
import { toUpreelError, UpreelError } from "@upreel/core";
import type { z } from "zod";
import type { CircuitBreaker } from "./circuit-breaker.ts";
import { parseJson, readBounded } from "./read-answer.ts";

/** Where Jellyfin is and how long it may take. */
export interface TransportOptions {
  /** Without a slash at its end; may carry a base URL. */
  readonly url: string;
  readonly apiKey: string | undefined;
  /** Of one attempt. */
  readonly timeoutMs: number;
  /** Attempts of a call that changes nothing. */
  readonly attempts: number;
  /** Longest wait before the second attempt; doubled for each one after. */
  readonly backoffMs: number;
}

interface Call {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** In place of `body`: text of another kind. */
  readonly content?: { readonly type: string; readonly text: string };
}

interface Answer {
  readonly status: number;
  readonly bytes: Buffer;
}

export interface Transport {
  /** The parsed answer. Throws `jellyfin_unreachable`, `jellyfin_refused` or `jellyfin_failed`. */
  ask<T extends z.ZodType>(call: Call, schema: T, signal?: AbortSignal): Promise<z.infer<T>>;
  /** As `ask`; undefined where there is no such thing (404). */
  find<T extends z.ZodType>(
    call: Call,
    schema: T,
    signal?: AbortSignal,
  ): Promise<z.infer<T> | undefined>;
  /** The bytes of an answer that is no JSON. Throws as `ask` does. */
  read(call: Call, signal?: AbortSignal): Promise<Uint8Array>;
  /** A call whose answer has no body. */
  tell(call: Call, signal?: AbortSignal): Promise<void>;
}

/** HTTP to Jellyfin: `Authorization: MediaBrowser`, timeouts, retries with jitter, circuit breaker. */
export function createTransport(
  { breaker, random }: { readonly breaker: CircuitBreaker; readonly random: () => number },
  options: TransportOptions,
): Transport {
  let lastFailure: UpreelError | undefined;

  async function attempt(call: Call, signal: AbortSignal | undefined): Promise<Answer> {
    const timeout = AbortSignal.timeout(options.timeoutMs);
    const content = contentOf(call);
    try {
      const response = await fetch(urlOf(options.url, call), {
        method: call.method,
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        headers: {
          Accept: "application/json, */*;q=0.5",
          ...authorization(options.apiKey),
          ...(content === undefined ? {} : { "Content-Type": content.type }),
        },
        ...(content === undefined ? {} : { body: content.text }),
      });
      // 502 to 504: a proxy without its server; 503 also while Jellyfin starts.
      const bytes = await readBounded(response);
      if (response.status >= 502 && response.status <= 504)
        throw away(options, `it answers ${response.status}: it is starting or stopped`, undefined);
      breaker.noteSuccess();
      return { status: response.status, bytes };
    } catch (thrown) {
      if (signal?.aborted === true) {
        breaker.noteGivenUp();
        throw new UpreelError("cancelled", "the request to Jellyfin was aborted", {
          cause: thrown,
        });
      }
      breaker.noteFailure();
      if (thrown instanceof UpreelError) throw thrown;
      throw away(
        options,
        timeout.aborted ? `no answer within ${options.timeoutMs} ms` : causeOf(thrown),
        thrown,
      );
    }
  }

  async function send(call: Call, signal: AbortSignal | undefined): Promise<Answer> {
    // What changes something may have happened although no answer came.
    const attempts = call.method === "GET" ? options.attempts : 1;
    for (let tried = 1; ; tried += 1) {
      if (!breaker.mayTry()) throw lastFailure ?? away(options, "another call tries it", undefined);
      try {
        return await attempt(call, signal);
      } catch (thrown) {
        const error = toUpreelError(thrown);
        if (error.code !== "jellyfin_unreachable") throw error;
        lastFailure = error;
        if (tried >= attempts) throw error;
        // Full jitter: clients of a server that comes back do not come all at once.
        await sleep(random() * options.backoffMs * 2 ** (tried - 1), undefined, { signal });
      }
    }
  }

  async function accepted(call: Call, signal: AbortSignal | undefined): Promise<Buffer> {
    const { status, bytes } = await send(call, signal);
    if (status >= 200 && status < 300) return bytes;
    throw refusal(status, call, options);
  }

  function parsed<T extends z.ZodType>(call: Call, bytes: Buffer, schema: T): z.infer<T> {
    const answer = schema.safeParse(parseJson(String(bytes)));
    if (answer.success) return answer.data;
    const issue = answer.error.issues[0];
    throw new UpreelError(
      "jellyfin_failed",
      `Jellyfin's answer to ${call.path} is not understood`,
      {
        expected: "the JSON of Jellyfin 10.10 to 12.0",
        got: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`,
        cause: answer.error,
      },
    );
  }

  return {
    ask: async (call, schema, signal) => parsed(call, await accepted(call, signal), schema),
    async find(call, schema, signal) {
      const { status, bytes } = await send(call, signal);
      if (status === 404) return undefined;
      if (status < 200 || status >= 300) throw refusal(status, call, options);
      return parsed(call, bytes, schema);
    },
    read: accepted,
    async tell(call, signal) {
      await accepted(call, signal);
    },
  };
}

function contentOf({ body, content }: Call): Call["content"] {
  if (content !== undefined || body === undefined) return content;
  return { type: "application/json", text: JSON.stringify(body) };
}

/** The one form that Jellyfin 10.10, 10.11 and 12.0 all take. */
const authorization = (apiKey: string | undefined): Record<string, string> =>
  apiKey === undefined
    ? {}
    : { Authorization: `MediaBrowser Token="${encodeURIComponent(apiKey)}"` };

function urlOf(base: string, { path, query = {} }: Call): string {
  const url = new URL(base + path);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value));
  return url.href;
}

const away = ({ url }: TransportOptions, why: string, cause: unknown): UpreelError =>
  new UpreelError("jellyfin_unreachable", `Jellyfin does not answer at ${url}: ${why}`, {
    expected: "a running Jellyfin server at JELLYFIN_URL",
    cause,
  });

function refusal(status: number, call: Call, { url, apiKey }: TransportOptions): UpreelError {
  if (status === 401 || status === 403)
    return new UpreelError(
      "jellyfin_refused",
      apiKey === undefined
        ? `Jellyfin at ${url} asks for an API key: create one in its Dashboard, API Keys, and set JELLYFIN_API_KEY`
        : `Jellyfin at ${url} does not accept JELLYFIN_API_KEY: create a new one in its Dashboard, API Keys`,
      { got: `status ${status} to ${call.path}` },
    );
  return new UpreelError("jellyfin_failed", `Jellyfin answers ${status} to ${call.path}`, {
    expected: "status 200 or 204",
    got: `status ${status}`,
  });
}

/** undici hides the reason (`ECONNREFUSED`) in the cause. */
function causeOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown;
  return cause instanceof Error
    ? cause.message || String(Reflect.get(cause, "code"))
    : String(cause);
}
