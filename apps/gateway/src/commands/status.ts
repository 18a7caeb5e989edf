import {
  errorAnswerSchema,
  streamStatusSchema,
  UpreelError,
  type StreamStatus,
} from "@upreel/core";
import { z } from "zod";
import { loadConfig } from "../config.ts";

const TIMEOUT_MS = 5000;
const listSchema = z.object({ streams: z.array(streamStatusSchema) });

/** `upreel status [url]`: of one stream when the URL is its check_url, else of all. */
export async function status(given: string | undefined): Promise<void> {
  const config = loadConfig();
  const base =
    config.publicUrl ??
    `http://${config.host === "0.0.0.0" ? "127.0.0.1" : config.host}:${config.port}`;
  const url = given ?? base;
  const isOne = /\/(status|progress)\/[^/]+$/.test(url);
  const answer = await ask(isOne ? url : `${url.replace(/\/+$/, "")}/streams`, config.apiToken);
  const streams = isOne ? [streamStatusSchema.parse(answer)] : listSchema.parse(answer).streams;
  if (streams.length === 0) console.log("no streams yet");
  for (const stream of streams) console.log(statusLine(stream));
}

/** One stream in one line for people. */
export function statusLine(stream: StreamStatus): string {
  const parts = [
    stream.state.padEnd(9),
    `${(stream.ratio * 100).toFixed(1).padStart(5)} %`,
    stream.state === "running"
      ? `${stream.speed.toFixed(2)}× ${stream.fps.toFixed(0)} fps`
      : undefined,
    stream.eta_seconds === null ? undefined : `${Math.ceil(stream.eta_seconds)} s left`,
    stream.title,
    stream.model === null ? undefined : `(${stream.model} on ${stream.provider})`,
    stream.reason?.message,
    stream.id,
  ];
  return parts.filter((part) => part !== undefined).join("  ");
}

async function ask(url: string, token: string | undefined): Promise<unknown> {
  const headers: Record<string, string> =
    token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    (cause: unknown) => {
      throw new UpreelError(
        "not_found",
        `no gateway answers at ${url}; start it with \`npm start\``,
        { cause },
      );
    },
  );
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  const error = errorAnswerSchema.safeParse(answer);
  throw new UpreelError(
    "bad_request",
    error.success ? error.data.message : `${url} answered ${response.status}`,
  );
}
