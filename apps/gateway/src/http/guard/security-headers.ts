import type { RequestHandler } from "express";

/** hls.js plays through blob: URLs and runs its demuxer in a blob: worker. */
const contentPolicy = (styleHashes: readonly string[]): string =>
  [
    "default-src 'self'",
    `style-src ${["'self'", ...styleHashes].join(" ")}`,
    // The empty subtitle file with which hls.js makes a track.
    "media-src 'self' blob: data:",
    "worker-src 'self' blob:",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join("; ");

/** `styleHashes`: of the styles that the pages carry. */
export function securityHeaders(styleHashes: readonly string[]): RequestHandler {
  const policy = contentPolicy(styleHashes);
  return (_request, response, next) => {
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Content-Security-Policy", policy);
    // No page of another site gets hold of an answer, not even as a script or a picture of its own.
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    next();
  };
}
