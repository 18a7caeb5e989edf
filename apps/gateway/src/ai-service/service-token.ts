import { UpreelError } from "@upreel/core";
import type { RequestHandler } from "express";
import { isSecret } from "../http/guard/is-secret.ts";

/** What the plugin asks without a token. */
const OPEN = new Set([
  ...["/", "/health", "/health/detailed", "/status", "/hardware", "/recommend", "/gpus"],
  ...["/gpu-verify", "/doctor", "/connections", "/models", "/models/disk-usage", "/metrics"],
  ...["/interpolation/status", "/features"],
]);

/** `none`: open to whoever reaches it. undefined: closed until one is set. */
export function requireServiceToken(token: string | undefined): RequestHandler {
  return (request, _response, next) => {
    if (token === "none" || (request.method === "GET" && OPEN.has(request.path))) return next();
    if (token !== undefined && isSecret(request.get("x-api-token"), token)) return next();
    throw new UpreelError(
      "unauthorized",
      token === undefined ? "No AI_SERVICE_TOKEN is set in Upreel" : "Invalid or missing API token",
      { expected: "AI_SERVICE_TOKEN in the header X-Api-Token" },
    );
  };
}
