import type { Log, UpreelError } from "@upreel/core";
import type { ErrorRequestHandler, RequestHandler } from "express";
import { isClientGone } from "./client-gone.ts";
import { fromExpress, httpStatus } from "./error-status.ts";

/**
 * The shape in which FastAPI answers, for programs that were written for such a service: `{detail}`.
 * `unauthorized`: the status of a wrong token, where they wait for another one than 401.
 */
export function detailErrors(
  log: Log,
  { door, unauthorized = 401 }: { readonly door: string; readonly unauthorized?: number },
): ErrorRequestHandler {
  return (thrown, request, response, _next) => {
    if (response.writableEnded || isClientGone(thrown)) return void response.destroy();
    const error = fromExpress(thrown);
    if (error.code === "internal")
      log.error(`${door}: ${request.method} ${request.path} failed`, { error });
    if (response.headersSent) return void response.destroy();
    const status = error.code === "unauthorized" ? unauthorized : httpStatus(error.code);
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

/** Exactly this body tells such programs that a route is missing. */
export const notFound: RequestHandler = (_request, response) => {
  response.status(404).json({ detail: "Not Found" });
};

/** What Upreel does not do, in a sentence that is shown to people. */
export const notDone =
  (detail: string): RequestHandler =>
  (_request, response) => {
    response.status(501).json({ detail });
  };
