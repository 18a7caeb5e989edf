import { UpreelError } from "@upreel/core";
import type { Request, RequestHandler } from "express";
import { isSecret } from "./is-secret.ts";

/** Ids of streams and posters cannot be guessed, so whoever holds one may play and follow that stream, or see that picture. */
const OPEN_BY_CAPABILITY =
  /^\/(hls|tracks|frame|compare|status|progress|watch|poster|segments)\/[^/]+(\/|$)/;
/**
 * Pages and scripts hold no secrets; what they show they ask for with the token. What nginx reports
 * as served names a stream by its unguessable id.
 */
const OPEN_ALWAYS =
  /^\/(health|icon\.svg|icon-\d+\.png|manifest\.webmanifest|internal\/served|assets\/.*)?$/;

/** Refuses calls without the token, when one is set. */
export function requireToken(token: string | undefined): RequestHandler {
  if (token === undefined) return (_request, _response, next) => next();
  return (request, _response, next) => {
    const given = givenToken(request);
    if (isOpen(request) || isSecret(given, token)) return next();
    throw new UpreelError("unauthorized", "this request needs the API token", {
      expected: "Authorization: Bearer <API_TOKEN> or X-Api-Token: <API_TOKEN>",
      got: given === undefined ? "no token" : "another token",
    });
  };
}

function givenToken(request: Request): string | undefined {
  const bearer = /^Bearer\s+(.+)$/i.exec(request.get("authorization") ?? "")?.[1];
  return bearer?.trim() ?? request.get("x-api-token");
}

const isOpen = (request: Request): boolean =>
  request.method === "OPTIONS" || OPEN_ALWAYS.test(request.path) || isOpenByCapability(request);

/** Whether a call is about one stream alone, whose id nobody can guess. */
export function isOpenByCapability(request: Request): boolean {
  if (request.path === "/events")
    return typeof request.query["id"] === "string" && request.query["id"] !== "";
  if (request.method === "POST") return request.path.startsWith("/playhead/");
  return (
    (request.method === "GET" || request.method === "HEAD") && OPEN_BY_CAPABILITY.test(request.path)
  );
}
