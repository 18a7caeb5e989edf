import { toUpreelError, type Log, type UpreelError } from "@upreel/core";
import type { ErrorRequestHandler, RequestHandler } from "express";
import { isClientGone } from "../http/server/client-gone.ts";
import { httpStatus } from "../http/server/error-status.ts";

/** The plugin shows `detail`, and takes a 403 for a wrong token. */
export function serviceErrors(log: Log): ErrorRequestHandler {
  return (thrown, request, response, _next) => {
    if (response.writableEnded || isClientGone(thrown)) return void response.destroy();
    const error = toUpreelError(thrown);
    if (error.code === "internal")
      log.error(`AI service: ${request.method} ${request.path} failed`, { error });
    if (response.headersSent) return void response.destroy();
    const status = error.code === "unauthorized" ? 403 : httpStatus(error.code);
    const told =
      error.code === "internal" ? "internal error; Upreel's log says more" : wordsOf(error);
    const detail = told.slice(0, 500);
    // What can be done about it is shown as it is.
    const hint = status === 507 ? { hint: detail } : {};
    response.status(status).json({ detail, ...hint });
  };
}

const wordsOf = ({ message, expected, got }: UpreelError): string =>
  [message, expected && `expected ${expected}`, got && `got ${got}`].filter(Boolean).join("; ");

/** Exactly this body tells the plugin that a route is missing. */
export const notFound: RequestHandler = (_request, response) => {
  response.status(404).json({ detail: "Not Found" });
};

/** What Upreel does not do, in a sentence that the plugin shows. */
export const notDone =
  (detail: string): RequestHandler =>
  (_request, response) => {
    response.status(501).json({ detail });
  };
