import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import {
  endToEndHeaders,
  headerPairs,
  type HeaderPair,
} from "../../http/server/end-to-end-headers.ts";

/**
 * Sends an answer on as it comes, without the headers of its connection. Throws what node:http finds
 * wrong with it, before anything is sent.
 */
export function sendAnswer(
  answer: IncomingMessage,
  response: ServerResponse,
  endsConnection: boolean,
): void {
  const { statusCode = 0, statusMessage = "", rawHeaders } = answer;
  const pairs = [
    ...endToEndHeaders(rawHeaders),
    ...lengthOf(rawHeaders),
    ...(endsConnection ? [["Connection", "close"] as const] : []),
  ];
  response.writeHead(statusCode, statusMessage, pairs.flat());
  response.flushHeaders();
  // Cuts the connection when the answer breaks off: a client must not take it for whole.
  pipeline(answer, response, () => undefined);
}

const lengthOf = (rawHeaders: readonly string[]): HeaderPair[] =>
  headerPairs(rawHeaders).filter(([name]) => name.toLowerCase() === "content-length");

/** Says in one line why there is no answer; cuts one that had begun. */
export function sendNotice(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}
