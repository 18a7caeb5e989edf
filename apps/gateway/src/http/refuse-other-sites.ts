import { UpreelError } from "@upreel/core";
import type { Request, RequestHandler } from "express";
import { isNearbyHost, isOwnHost, type OwnNames } from "./own-names.ts";

const CHANGES_NOTHING = new Set(["GET", "HEAD", "OPTIONS"]);
/** Any page may play a stream whose id it knows, and tell where its viewer is. */
const OPEN_TO_ANY_PAGE = /^\/playhead\//;

/**
 * A page of another site that is open in the viewer's browser may start, delete and set nothing here:
 * without a token, being on this machine is all that is asked of who does. Programs send no `Origin`
 * and are let through.
 */
export function refuseOtherSites(
  config: OwnNames & { readonly apiToken: string | undefined },
): RequestHandler {
  return (request, _response, next) => {
    if (CHANGES_NOTHING.has(request.method) || OPEN_TO_ANY_PAGE.test(request.path)) return next();
    if (isOfAnotherSite(request, config))
      throw new UpreelError("site_refused", "a page of another site may change nothing here", {
        expected: "a call from Upreel's own pages or from a program",
        got: `${request.method} from ${request.get("origin") ?? "another site"}`,
      });
    // A stranger's page has no token, whatever name it comes by.
    if (config.apiToken === undefined && isByForeignName(request, config))
      throw new UpreelError(
        "site_refused",
        `${request.get("host")} may be another site's name for this machine, so its pages may change nothing here`,
        {
          expected: "PUBLIC_URL or ALLOWED_HOSTS to have this name, or API_TOKEN to be set",
          got: `${request.method} from ${request.get("origin")}`,
        },
      );
    next();
  };
}

/**
 * Browsers say so themselves (Sec-Fetch-Site) to https and to the machine itself. To others their
 * `Origin` tells: a proxy in between may have changed the host that was asked, but not to one on the
 * internet.
 */
function isOfAnotherSite(request: Request, names: OwnNames): boolean {
  const site = request.get("sec-fetch-site");
  if (site !== undefined) return site === "cross-site";
  const origin = request.get("origin");
  if (origin === undefined) return false;
  const host = hostOf(origin);
  const asked = [request.get("host"), request.get("x-forwarded-host")];
  return !asked.includes(host) && !isNearbyHost(host, names);
}

/**
 * DNS rebinding: a page of a stranger's site whose name now points here is of the same origin as the
 * gateway. It cannot be https, which would need a certificate for that name here.
 */
function isByForeignName(request: Request, names: OwnNames): boolean {
  const origin = request.get("origin");
  const host = request.get("host") ?? "";
  if (origin === undefined || isOwnHost(host, names)) return false;
  return !(origin.startsWith("https:") && hostOf(origin) === host);
}

/** `host[:port]` of an origin; empty for `null`, the origin of a page without one. */
const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).host : "");
