import type { RequestHandler } from "express";

/** As Node bounds requests by itself; here it is told not to, for the sake of those whose body has no end. */
const LONGEST_BODY_MS = 300_000;
/** Frames of a film come for as long as it plays. */
const ENDLESS = "/upscale-stream";

/** Ends connections whose body takes too long. */
export const endSlowBodies =
  (longestMs = LONGEST_BODY_MS): RequestHandler =>
  (request, _response, next) => {
    if (request.path !== ENDLESS && !request.complete && hasBody(request.headers)) {
      const timer = setTimeout(() => request.destroy(), longestMs);
      timer.unref();
      const clear = (): void => clearTimeout(timer);
      request.once("end", clear).once("close", clear);
    }
    next();
  };

const hasBody = (headers: NodeJS.Dict<string | string[]>): boolean =>
  headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
