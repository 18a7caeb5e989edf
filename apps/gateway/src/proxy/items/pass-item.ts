import type { IncomingMessage, ServerResponse } from "node:http";
import { askJellyfin, readJson, sendWhole } from "../exchange/jellyfin-exchange.ts";
import type { Target } from "../exchange/open-request.ts";
import type { PassThrough } from "../exchange/pass-through.ts";
import type { Segments } from "./segments.ts";

export interface PassItemDependencies {
  readonly jellyfin: Target;
  readonly passThrough: PassThrough;
  readonly segments: Pick<Segments, "markItem">;
  /** Is told what is looked at. */
  readonly pages: { item(details: unknown, request: IncomingMessage): void };
}

/** `GET /Items/{id}`: Jellyfin's answer, whose sources say that there are segments where we know some. */
export async function passItem(
  { jellyfin, passThrough, segments, pages }: PassItemDependencies,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // One that is too long, or breaks off, takes the common way.
  const given = await askJellyfin(jellyfin, request).catch(() => undefined);
  if (given === undefined) return passThrough.web(request, response);
  if (given.status === 200) pages.item(await readJson(given.headers, given.body), request);
  sendWhole(response, await segments.markItem(given));
}
