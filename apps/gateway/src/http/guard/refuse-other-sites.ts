import { UpreelError, type Log } from "@upreel/core";
import type { Request, RequestHandler } from "express";
import { isConfiguredOrigin, isOwnHost, type OwnNames } from "./own-names.ts";
import { isOpenByCapability } from "./token.ts";

const CHANGES_NOTHING = new Set(["GET", "HEAD", "OPTIONS"]);
/** Who counts names of refused calls only needs the first few. */
const MOST_NAMES_TOLD = 20;

type Guarded = OwnNames & { readonly apiToken: string | undefined };

/**
 * A page of another site that is open in the viewer's browser may start, delete and set nothing here:
 * without a token, being on this machine is all that is asked of who does. Another port of this
 * machine, a name of the intranet and another address of the network are other sites, too. Programs
 * send no `Origin` and are let through. What belongs to one stream is open to whoever knows its id.
 */
export function refuseOtherSites(config: Guarded): RequestHandler {
  return (request, _response, next) => {
    if (CHANGES_NOTHING.has(request.method) || isOpenByCapability(request)) return next();
    if (isOfAnotherSite(request, config))
      throw new UpreelError(
        "site_refused",
        "a page of another site must not change anything here",
        {
          expected:
            "a call from Upreel's own pages, at the address in PUBLIC_URL, or from a program",
          got: `${request.method} from ${request.get("origin")?.slice(0, 200) ?? "another site"}`,
        },
      );
    next();
  };
}

/**
 * Browsers say so themselves (Sec-Fetch-Site) to https and to the machine itself. To others their
 * `Origin` tells: it is the host that was asked, or, where a proxy changed that, what the proxy or the
 * configuration names. A page cannot send X-Forwarded-Host to another site without being asked first.
 */
function isOfAnotherSite(request: Request, names: OwnNames): boolean {
  const site = request.get("sec-fetch-site");
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  const origin = request.get("origin");
  if (origin === undefined || isConfiguredOrigin(origin, names)) return false;
  const host = URL.canParse(origin) ? new URL(origin).host : "";
  return ![request.get("host"), request.get("x-forwarded-host")].includes(host);
}

/**
 * DNS rebinding: a page of a stranger's site whose name now points here is of the same origin as the
 * gateway, and reads what anybody on this machine may read. So no call by such a name is answered,
 * whatever it asks for. With a token set that is asked for alone: a stranger's page has none.
 */
export function refuseForeignNames(config: Guarded, log: Log): RequestHandler {
  const told = new Set<string>();
  return (request, _response, next) => {
    const host = request.get("host");
    if (config.apiToken !== undefined || host === undefined || isOwnHost(host, config))
      return next();
    if (isOpenByCapability(request) || isByHttps(request, host)) return next();
    const name = host.slice(0, 200);
    if (told.size < MOST_NAMES_TOLD && !told.has(name)) {
      told.add(name);
      log.warn(
        `requests to the host name ${name} are refused: it may belong to another site; if it is yours, set ALLOWED_HOSTS or PUBLIC_URL`,
      );
    }
    throw new UpreelError(
      "site_refused",
      `${name} may be another site's name for this machine, so nothing is answered by it`,
      {
        expected: "PUBLIC_URL or ALLOWED_HOSTS to have this name, or API_TOKEN to be set",
        got: `${request.method} by that name`,
      },
    );
  };
}

/**
 * For https a stranger would need a certificate for his name here. Browsers tell only https, and the
 * machine itself, where a call comes from (Sec-Fetch-Site), which no page can set. Older ones tell
 * their `Origin`; a page of https may submit a form to http, but without a header of a proxy's.
 */
function isByHttps(request: Request, host: string): boolean {
  if (request.get("sec-fetch-site") !== undefined) return true;
  return (
    request.get("origin") === `https://${host}` && request.get("x-forwarded-proto") === "https"
  );
}
