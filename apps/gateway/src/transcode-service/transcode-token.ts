import type { IncomingMessage } from "node:http";
import { UpreelError } from "@upreel/core";
import { isSecret } from "../http/guard/is-secret.ts";

/**
 * Throws `unauthorized` for a request without the key, on every route. `none`: whoever reaches the port is let in;
 * undefined: nobody is, until a key is set. A page in a browser is not: it would speak for whoever looks at it.
 */
export function admitCaller(token: string | undefined): (request: IncomingMessage) => void {
  return ({ headers }) => {
    if (headers.origin !== undefined)
      throw new UpreelError("site_refused", "this door is for programs, not for pages");
    const [, bearer] = /^Bearer (.+)$/i.exec(headers.authorization ?? "") ?? [];
    const given = headers["x-api-key"]?.toString() ?? bearer;
    if (token === "none" || (token !== undefined && isSecret(given, token))) return;
    throw new UpreelError(
      "unauthorized",
      token === undefined ? "No TRANSCODE_TOKEN is set in Upreel" : "Invalid API key",
      { expected: "TRANSCODE_TOKEN in the header X-API-Key" },
    );
  };
}
