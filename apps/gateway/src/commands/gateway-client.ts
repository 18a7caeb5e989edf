import {
  errorAnswerSchema,
  farmAnswerSchema,
  farmJoinSchema,
  libraryAnswerSchema,
  libraryPicturesSchema,
  pluginLogsSchema,
  scansAnswerSchema,
  toldStatusSchema,
  UpreelError,
  type FarmAnswer,
  type FarmJoin,
  type LibraryAnswer,
  type LibraryPictures,
  type PluginLogs,
  type ScansAnswer,
  type StreamStatus,
  type WorkerLimitsChange,
} from "@upreel/core";
import { z } from "zod";
import type { Config } from "../config.ts";

const TIMEOUT_MS = 5000;
const listSchema = z.object({ streams: z.array(toldStatusSchema) });

/** Where the gateway of this configuration should answer. */
export function gatewayUrl(config: Pick<Config, "host" | "port" | "publicUrl">): string {
  const host = ["0.0.0.0", "::"].includes(config.host) ? "127.0.0.1" : config.host;
  return config.publicUrl ?? `http://${host.includes(":") ? `[${host}]` : host}:${config.port}`;
}

export async function listStreams(
  base: string,
  token: string | undefined,
): Promise<readonly StreamStatus[]> {
  return listSchema.parse(await ask(`${base.replace(/\/+$/, "")}/streams`, token)).streams;
}

/** The stream that a check_url names. */
export async function readStatus(
  checkUrl: string,
  token: string | undefined,
): Promise<StreamStatus> {
  return toldStatusSchema.parse(await ask(checkUrl, token));
}

export async function readPlan(base: string, token: string | undefined): Promise<LibraryAnswer> {
  return libraryAnswerSchema.parse(await ask(`${base}/library/plan`, token));
}

/** Begins with the plan that it answers. */
export async function startPlan(base: string, token: string | undefined): Promise<LibraryAnswer> {
  return libraryAnswerSchema.parse(await ask(`${base}/library/start`, token, "POST"));
}

/** What is done with Jellyfin's pictures. */
export async function readPictures(
  base: string,
  token: string | undefined,
): Promise<LibraryPictures> {
  return libraryPicturesSchema.parse(await ask(`${base}/library/pictures`, token));
}

/** `start?below=…`, `undo` or `stop`. */
export async function orderPictures(
  base: string,
  token: string | undefined,
  order: string,
): Promise<LibraryPictures> {
  return libraryPicturesSchema.parse(await ask(`${base}/library/pictures/${order}`, token, "POST"));
}

export async function readFarm(base: string, token: string | undefined): Promise<FarmAnswer> {
  return farmAnswerSchema.parse(await ask(`${base}/farm`, token));
}

export async function joinFarm(
  base: string,
  token: string | undefined,
  name: string,
): Promise<FarmJoin> {
  return farmJoinSchema.parse(await ask(`${base}/farm/workers`, token, "POST", { name }));
}

export async function changeWorker(
  base: string,
  token: string | undefined,
  name: string,
  what: "remove" | "pause" | "drain" | "resume",
): Promise<void> {
  const url = `${base}/farm/workers/${encodeURIComponent(name)}`;
  if (what === "remove") await ask(url, token, "DELETE");
  else await ask(`${url}/${what}`, token, "POST");
}

export async function changeLimits(
  base: string,
  token: string | undefined,
  name: string,
  change: WorkerLimitsChange,
): Promise<void> {
  await ask(`${base}/farm/workers/${encodeURIComponent(name)}`, token, "PATCH", change);
}

/** Plugins, and what they look at. */
export async function readScans(base: string, token: string | undefined): Promise<ScansAnswer> {
  return scansAnswerSchema.parse(await ask(`${base}/scans`, token));
}

export async function readPluginLogs(
  base: string,
  token: string | undefined,
  id: string,
): Promise<PluginLogs> {
  return pluginLogsSchema.parse(await ask(`${base}/plugins/${encodeURIComponent(id)}/logs`, token));
}

async function ask(
  url: string,
  token: string | undefined,
  method: "GET" | "POST" | "PATCH" | "DELETE" = "GET",
  body?: object,
): Promise<unknown> {
  const headers: Record<string, string> = {
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
  };
  if (!URL.canParse(url))
    throw new UpreelError("bad_request", `not a URL: ${url}`, { expected: "http://host:port" });
  const response = await fetch(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new UpreelError(
      "not_found",
      `Upreel is not responding at ${url}; start it with \`npm start\``,
      { cause },
    );
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  const error = errorAnswerSchema.safeParse(answer);
  if (!error.success) throw new UpreelError("bad_request", `${url} answered ${response.status}`);
  const { message, expected, got } = error.data;
  throw new UpreelError("bad_request", message, { expected, got });
}
