import { UpreelError } from "@upreel/core";
import type { RequestHandler } from "express";

const CHANGES_NOTHING = new Set(["GET", "HEAD", "OPTIONS"]);
/** Any page may play a stream whose id it knows, and tell where its viewer is. */
const OPEN_TO_ANY_PAGE = /^\/playhead\//;

/**
 * A page of another site that is open in the viewer's browser may start, delete and set nothing here:
 * without a token, being on this machine is all that is asked of who does. Browsers say where a
 * request comes from (Sec-Fetch-Site), at least to https and to the machine itself; others do not.
 */
export const refuseOtherSites: RequestHandler = (request, _response, next) => {
  const isOther = request.get("sec-fetch-site") === "cross-site";
  if (!isOther || CHANGES_NOTHING.has(request.method) || OPEN_TO_ANY_PAGE.test(request.path))
    return next();
  throw new UpreelError("unauthorized", "a page of another site may change nothing here", {
    expected: "a call from Upreel's own pages or from a program",
    got: `${request.method} from ${request.get("origin") ?? "another site"}`,
  });
};
