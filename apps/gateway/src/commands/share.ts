import { join } from "node:path";
import { renderUnicodeCompact } from "uqr";
import type { Config } from "../config.ts";
import { reachableUrls } from "../http/server/reachable-urls.ts";

/** How other devices get in: an address, and a code that signs a phone in. A log is shown no token. */
export function shareLines(
  config: Pick<Config, "host" | "publicUrl" | "apiToken" | "dataDir">,
  listeningUrl: string,
  isTerminal: boolean,
): readonly string[] {
  const [base] = reachableUrls(config, Number(new URL(listeningUrl).port));
  if (base === undefined)
    return ["This computer is in no network, so no other device can reach Upreel."];
  const { apiToken: token } = config;
  if (token !== undefined && !isTerminal)
    return [
      `On your phone or TV: ${base}/ (the token that it asks for: API_TOKEN, or ${join(config.dataDir, "api-token")})`,
    ];
  const link = token === undefined ? `${base}/` : `${base}/#token=${encodeURIComponent(token)}`;
  return [
    "",
    `On your phone or TV, in the same network: ${base}/`,
    ...(token === undefined ? [] : [`The token that it asks for: ${token}`]),
    token === undefined ? "Or scan this:" : "Or scan this, and no token is needed:",
    renderUnicodeCompact(link, { border: 2 }),
    "",
  ];
}
