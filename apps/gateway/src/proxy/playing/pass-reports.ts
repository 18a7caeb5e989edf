import type { IncomingMessage, ServerResponse } from "node:http";
import type { ProxyDeps } from "../deps.ts";
import type { createPassThrough } from "../exchange/pass-through.ts";
import type { PlayedElsewhere } from "./played-elsewhere.ts";
import { noteReport, REPORT_LIMIT_BYTES } from "./playback-reports.ts";
import type { ProxiedCall } from "../exchange/proxied-call.ts";
import { readAsker } from "../exchange/read-asker.ts";
import { readBody } from "../exchange/read-body.ts";
import type { seePages } from "../items/see-pages.ts";

type Parts = Pick<ProxyDeps, "streams" | "playbacks" | "config"> & {
  readonly passThrough: ReturnType<typeof createPassThrough>;
  readonly pages: ReturnType<typeof seePages>;
  /** Undefined: there are no other gateways. */
  readonly elsewhere: PlayedElsewhere | undefined;
};

/** Passes what clients report of their playing, and takes notice of it. */
export function passReports({ streams, playbacks, config, passThrough, pages, elsewhere }: Parts) {
  return async (
    call: Extract<ProxiedCall, { kind: "report" }>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const read = await readBody(request, REPORT_LIMIT_BYTES);
    if (read.kind === "too_long") return passThrough.web(request, response, read.stream);
    passThrough.web(request, response, read.bytes);
    const { viewer } = readAsker(request, undefined);
    const told = { url: request.url ?? "/", body: read.bytes };
    if (elsewhere?.tell({ viewer }, request, told) === true) return;
    const moved = noteReport({ streams, playbacks }, call, read.bytes, viewer);
    if (moved !== undefined && config.jellyfin.prepares)
      pages.position(moved.playback, moved.seconds);
  };
}
