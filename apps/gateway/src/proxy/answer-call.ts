import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { ownPath } from "./own-path.ts";
import { passItem } from "./items/pass-item.ts";
import type { passReports } from "./playing/pass-reports.ts";
import { answerPlaybackInfo, type PlaybackInfoDeps } from "./playback-info/playback-info.ts";
import { leave } from "./playing/playback-reports.ts";
import { readCall } from "./exchange/proxied-call.ts";
import { answerPublicInfo } from "./public-info.ts";
import type { seePages } from "./items/see-pages.ts";
import { answerWeb } from "./web-script/answer-web.ts";

export interface CallParts {
  readonly basePath: string;
  /** Answers what is below `/upscale`. */
  readonly own: RequestListener;
  readonly playbackInfo: PlaybackInfoDeps;
  readonly passReport: ReturnType<typeof passReports>;
  readonly pages: ReturnType<typeof seePages>;
  readonly hasWebScript: boolean;
  /** Whether films are made ready before they are played. */
  readonly prepares: boolean;
}

/** Each kind of request by the part that knows it; all others as they came. */
export async function answerCall(
  { basePath, own, playbackInfo, passReport, pages, ...parts }: CallParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { url = "/", method = "GET" } = request;
  const ours = ownPath(url, basePath);
  if (ours !== undefined) {
    request.url = ours.rest;
    return own(request, response);
  }
  const { jellyfin, passThrough, segments, elsewhere } = playbackInfo;
  const call = readCall(method, url, basePath);
  switch (call.kind) {
    case "playback_info":
      return answerPlaybackInfo(playbackInfo, call.itemId, request, response);
    case "media_segments":
      return segments.answer(call.itemId, request, response);
    case "public_info":
      return answerPublicInfo({ jellyfin, passThrough }, basePath, request, response);
    case "report":
      return passReport(call, request, response);
    case "encoding_ended": {
      const { playSessionId } = call;
      const isTold = elsewhere?.tell({ playSessionId }, request, { url }) === true;
      if (!isTold) leave(playbackInfo, playSessionId, "changed");
      break;
    }
    case "web_index":
    case "web_config":
      if (!parts.hasWebScript) break;
      return answerWeb({ jellyfin, passThrough }, call.kind, request, response);
    case "item":
      return passItem({ jellyfin, passThrough, segments, pages }, request, response);
    case "episodes":
      if (!parts.prepares) break;
      return passThrough.watch(request, response, (given) => pages.episodes(given, request));
    case "other":
      break;
  }
  passThrough.web(request, response);
}
