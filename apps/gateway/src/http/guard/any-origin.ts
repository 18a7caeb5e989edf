import type { RequestHandler } from "express";

/** Any page may play a stream; hls.js needs to read the lengths of ranges. */
export const allowAnyOrigin: RequestHandler = (request, response, next) => {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader(
    "Access-Control-Expose-Headers",
    "Content-Length, Content-Range, Accept-Ranges, Server-Timing, X-Upreel-Fps",
  );
  response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
  if (request.method !== "OPTIONS") return next();
  response.setHeader("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
  response.setHeader("Access-Control-Allow-Headers", "Range");
  response.setHeader("Access-Control-Max-Age", "86400");
  response.status(204).end();
};
