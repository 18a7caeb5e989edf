import type { RequestHandler } from "express";

/** Parts of the dashboard, which its address names after `#/`. */
const PATHS = /^\/(films|jobs|models|plugins|system|settings|logs)$/;

/**
 * Who types `/jobs` or `/settings` into a browser means the page: some of these are paths of the API, which would answer
 * in JSON, or ask for a token. Programs ask for anything or for JSON, and get it.
 */
export function leadToPages(): RequestHandler {
  return (request, response, next) => {
    const [, part] = PATHS.exec(request.path) ?? [];
    if (part === undefined || (request.method !== "GET" && request.method !== "HEAD"))
      return next();
    response.vary("Accept");
    if (!/\btext\/html\b/i.test(request.get("accept") ?? "")) return next();
    response.setHeader("Cache-Control", "no-cache");
    // Relative: a proxy in front may have the pages below a path of its own.
    response.redirect(302, `./#/${part}`);
  };
}
