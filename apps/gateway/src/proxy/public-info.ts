import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { askJellyfin, headersForBody, readJson } from "./exchange/jellyfin-exchange.ts";
import type { Target } from "./exchange/open-request.ts";
import type { PassThrough } from "./exchange/pass-through.ts";

const infoSchema = z.looseObject({ LocalAddress: z.string() });

/**
 * Clients that reconnect try `LocalAddress` first, which is Jellyfin's own: here it is the address by
 * which the client came.
 */
export async function answerPublicInfo(
  { jellyfin, passThrough }: { readonly jellyfin: Target; readonly passThrough: PassThrough },
  basePath: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = await askJellyfin(jellyfin, request).catch(() => undefined);
  const { host } = request.headers;
  const info =
    answer?.status === 200
      ? infoSchema.safeParse(await readJson(answer.headers, answer.body)).data
      : undefined;
  if (answer === undefined || info === undefined || host === undefined)
    return passThrough.web(request, response);
  const isTrusted = jellyfin.isTrusted(request.socket.remoteAddress ?? "", request);
  const scheme = isTrusted && request.headers["x-forwarded-proto"] === "https" ? "https" : "http";
  const body = Buffer.from(
    JSON.stringify({ ...info, LocalAddress: `${scheme}://${host}${basePath}` }),
  );
  response.writeHead(200, headersForBody(answer.rawHeaders, body).flat());
  response.end(body);
}
