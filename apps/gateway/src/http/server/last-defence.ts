import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Log } from "@upreel/core";

/** What is being answered on one connection. */
interface Underway {
  request?: IncomingMessage;
  response?: ServerResponse;
}

/**
 * For what is thrown where nobody catches it: in an event handler, or in a promise that nobody awaits.
 * It costs the request that it happened for, not the process.
 */
export interface LastDefence {
  /** Runs what takes a new connection: whatever is thrown for that later is known to be its. */
  takes(take: () => void): void;
  /** A listener whose requests are known when something is thrown for them. */
  answers(listener: RequestListener): RequestListener;
  /**
   * Answers 502 to the request that `thrown` ended, and logs. False when it was for none: then only
   * the caller can know whether to go on.
   */
  catches(thrown: unknown): boolean;
}

export function createLastDefence(log: Log): LastDefence {
  const connections = new AsyncLocalStorage<Underway>();
  return {
    takes: (take) => connections.run({}, take),
    answers: (listener) => (request, response) => {
      const connection = connections.getStore();
      // For events of the parser, such as the end of a body, which know the connection alone.
      if (connection !== undefined) Object.assign(connection, { request, response });
      connections.run({ request, response }, () => listener(request, response));
    },
    catches(error) {
      const { request, response } = connections.getStore() ?? {};
      if (request === undefined || response === undefined) return false;
      log.error(
        `an error in ${request.method} ${shortened(request.url)}; it was answered with 502`,
        {
          error,
        },
      );
      if (response.headersSent || response.destroyed) response.destroy();
      else {
        response.writeHead(502, {
          "Content-Type": "text/plain; charset=utf-8",
          Connection: "close",
        });
        response.end("Upreel failed to answer this request; its log says why\n");
      }
      return true;
    },
  };
}

const LONGEST_URL = 200;

const shortened = (url = ""): string =>
  url.length > LONGEST_URL ? `${url.slice(0, LONGEST_URL)}…` : url;
