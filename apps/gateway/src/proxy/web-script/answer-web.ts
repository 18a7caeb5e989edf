import type { IncomingMessage, ServerResponse } from "node:http";
import { askJellyfin, headersForBody, readJson, readText } from "../exchange/jellyfin-exchange.ts";
import type { Target } from "../exchange/open-request.ts";
import type { PassThrough } from "../exchange/pass-through.ts";
import type { ProxiedCall } from "../exchange/proxied-call.ts";
import { addPlugin, injectScript } from "./inject.ts";

/** Answers the web client's page or its configuration with our script in it. */
export async function answerWeb(
  { jellyfin, passThrough }: { readonly jellyfin: Target; readonly passThrough: PassThrough },
  kind: Extract<ProxiedCall["kind"], "web_index" | "web_config">,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A "not modified" would be about a page without our script.
  const without = ["if-none-match", "if-modified-since"];
  const answer = await askJellyfin(jellyfin, request, { without }).catch(() => undefined);
  if (answer?.status !== 200) return passThrough.web(request, response);
  const changed = await change(kind, answer.headers, answer.body);
  if (changed === undefined) return passThrough.web(request, response);
  const body = Buffer.from(changed);
  response.writeHead(200, headersForBody(answer.rawHeaders, body).flat());
  response.end(body);
}

async function change(
  kind: "web_index" | "web_config",
  ...answer: Parameters<typeof readJson>
): Promise<string | undefined> {
  if (kind === "web_config") {
    const config = addPlugin(await readJson(...answer));
    return config === undefined ? undefined : JSON.stringify(config);
  }
  const html = await readText(...answer);
  return html === undefined ? undefined : injectScript(html);
}
