import {
  toUpreelError,
  UpreelError,
  type ErrorAnswer,
  type ErrorCode,
  type Log,
} from "@upreel/core";
import type { ErrorRequestHandler, RequestHandler } from "express";
import { isClientGone } from "./client-gone.ts";

/** HTTP status of every error code; the one place where they are mapped. */
const HTTP_STATUS = {
  bad_request: 400,
  body_too_large: 413,
  unauthorized: 401,
  site_refused: 403,
  not_found: 404,
  stream_not_found: 404,
  stream_elsewhere: 503,
  leases_away: 503,
  segment_not_found: 404,
  source_missing: 404,
  source_not_a_file: 400,
  source_outside_roots: 403,
  source_unreadable: 422,
  source_unavailable: 503,
  source_growing: 503,
  source_changed: 409,
  source_no_video: 422,
  source_too_large: 422,
  source_too_long: 422,
  source_hdr: 422,
  source_truncated: 410,
  codec_unsupported: 422,
  source_damaged: 422,
  source_uneven: 422,
  sound_missing: 500,
  audio_unknown: 422,
  film_incomplete: 422,
  model_unknown: 400,
  model_not_found: 404,
  model_unusable: 422,
  models_full: 507,
  picture_unusable: 422,
  download_failed: 502,
  encoder_unavailable: 500,
  encoder_failed: 500,
  decoder_failed: 500,
  inference_failed: 500,
  out_of_memory: 507,
  worker_lost: 500,
  disk_full: 507,
  disk_read_only: 507,
  archive_invalid: 500,
  archive_gone: 404,
  jellyfin_not_set_up: 503,
  jellyfin_unreachable: 503,
  jellyfin_refused: 502,
  jellyfin_failed: 502,
  jellyfin_item_unknown: 404,
  export_failed: 500,
  plugin_unusable: 422,
  plugin_failed: 502,
  invalid_config: 500,
  ffmpeg_missing: 500,
  cancelled: 409,
  queue_full: 503,
  cannot_hold: 409,
  timeout: 504,
  internal: 500,
} as const satisfies Record<ErrorCode, number>;

export const httpStatus = (code: ErrorCode): number => HTTP_STATUS[code];

/** What was sent is not sent back whole: a list of all settings is the longest message. */
const LONGEST_TEXT = 8_000;
const LONGEST_NAME = 300;

const cut = (text: string): string =>
  text
    .slice(0, LONGEST_TEXT)
    .split(/(\s+)/)
    .map((word) => (word.length > LONGEST_NAME ? `${word.slice(0, LONGEST_NAME)}…` : word))
    .join("");

/** The body that a client gets: short, without paths of the cause chain. */
function errorAnswer(error: UpreelError): ErrorAnswer {
  return {
    status: "error",
    code: error.code,
    message: error.code === "internal" ? "internal error; the log says more" : cut(error.message),
    ...(error.expected === undefined ? {} : { expected: cut(error.expected) }),
    ...(error.got === undefined ? {} : { got: cut(error.got) }),
  };
}

/** Errors that express and its parsers throw, in our own words. */
export function fromExpress(thrown: unknown): UpreelError {
  if (thrown instanceof UpreelError || typeof thrown !== "object" || thrown === null)
    return toUpreelError(thrown);
  const status = "status" in thrown && typeof thrown.status === "number" ? thrown.status : 500;
  const message = thrown instanceof Error ? thrown.message : "the request was not understood";
  if (status === 413)
    return new UpreelError("body_too_large", "the body is too large", {
      expected: "at most 1 MB",
      cause: thrown,
    });
  if (status === 404) return new UpreelError("not_found", "not found", { cause: thrown });
  if (status >= 400 && status < 500)
    return new UpreelError("bad_request", message, { cause: thrown });
  return toUpreelError(thrown);
}

/** Of a request's conditions and ranges. */
const OF_SEND_FILE: ReadonlySet<number> = new Set([412, 416]);

/** Another gateway makes the film, or will. */
export const NOT_HERE_NOW: ReadonlySet<ErrorCode> = new Set(["stream_elsewhere", "leases_away"]);

/** Ends every route that threw. */
export function errorHandler(log: Log): ErrorRequestHandler {
  return (thrown, request, response, _next) => {
    // Answered by another way meanwhile; the connection is free for the next request.
    if (response.writableEnded) return;
    // Also at shutdown: a cut request is asked again, an error answer ends the film for some players.
    if (isClientGone(thrown)) return void response.destroy();
    // sendFile answers these itself with the headers that they need
    const own =
      thrown instanceof Error && "status" in thrown && OF_SEND_FILE.has(Number(thrown.status))
        ? Number(thrown.status)
        : undefined;
    const error = fromExpress(thrown);
    if (response.headersSent) {
      log.warn(`${request.method} ${request.path} was cut: ${error.message}`, { error });
      return void response.destroy();
    }
    // A player takes an error for the end of the film; asked again, the call is passed on to the owner.
    if (NOT_HERE_NOW.has(error.code) && request.originalUrl.startsWith("/hls/"))
      return void response.destroy();
    const status = own ?? httpStatus(error.code);
    // What failed in a stream was logged there, once; clients may ask about it again and again.
    if (error.code === "internal")
      log.error(`${request.method} ${request.path} failed: ${error.message}`, {
        error,
      });
    response.removeHeader("Cache-Control");
    response.setHeader("Cache-Control", "no-store");
    // Not the type of what was to be sent.
    response.status(status).type("json").json(errorAnswer(error));
  };
}

/** What no route answered. */
export const notFoundHandler: RequestHandler = (request) => {
  throw new UpreelError("not_found", `nothing is at ${request.method} ${request.path}`, {
    expected: "a path that /openapi.json lists",
  });
};
