import type { RequestHandler } from "express";

/** As Node bounds requests by itself; here it is told not to, for the sake of those whose body has no end. */
const LONGEST_BODY_MS = 300_000;
/** Frames of a film come for as long as it plays. */
const ENDLESS = "/upscale-stream";

/** Ends connections whose body takes too long, once somebody has begun to read it: a frame may wait for its turn. */
export const endSlowBodies =
  (longestMs = LONGEST_BODY_MS): RequestHandler =>
  (request, _response, next) => {
    if (request.path !== ENDLESS && !request.complete && hasBody(request.headers)) {
      let timer: NodeJS.Timeout | undefined;
      const wait = (): void => {
        const wasRead = request.readableDidRead;
        timer = setTimeout(() => (wasRead ? void request.destroy() : wait()), longestMs);
        timer.unref();
      };
      const clear = (): void => clearTimeout(timer);
      wait();
      request.once("end", clear).once("close", clear);
    }
    next();
  };

const hasBody = (headers: NodeJS.Dict<string | string[]>): boolean =>
  headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
