import type { IncomingMessage, ServerResponse } from "node:http";
import { toUpreelError } from "@upreel/core";
import {
  isFallbackRetry,
  passReason,
  playbackAnswerSchema,
  readPlaybackRequest,
  requestWithFlags,
  rewriteAnswer,
  type PlaybackAnswer,
  type PlaybackRequest,
} from "@upreel/jellyfin";
import {
  askJellyfin,
  headersForBody,
  readJson,
  sendWhole,
  type WholeAnswer,
} from "../exchange/jellyfin-exchange.ts";
import type { Segments } from "../items/segments.ts";
import type { Target } from "../exchange/open-request.ts";
import type { PassThrough } from "../exchange/pass-through.ts";
import type { AskElsewhere, PlayedElsewhere } from "../playing/played-elsewhere.ts";
import type { JudgeDeps } from "./begin-film.ts";
import { judgePlayback } from "./playback-judge.ts";
import { leave, leaveOthers } from "../playing/playback-reports.ts";
import { masterQuery } from "./master-query.ts";
import { readBody } from "../exchange/read-body.ts";
import { readAsker } from "../exchange/read-asker.ts";
import { rememberVerdict } from "./remember-verdict.ts";
import { findWayBack, type AskAgain } from "./way-back.ts";
import { systemClock } from "../../waiting/timed-clock.ts";

export interface PlaybackInfoDeps extends JudgeDeps {
  readonly jellyfin: Target;
  readonly passThrough: PassThrough;
  readonly segments: Segments;
  /** Undefined: there are no other gateways. */
  readonly elsewhere: PlayedElsewhere | undefined;
}

/** A device profile has some kilobytes. */
const BODY_LIMIT_BYTES = 128 * 1024;
/** A client that asks again so long after its stream began had trouble with it. */
const RETRY_WITHIN_MS = 12 * 3600_000;

/**
 * Asks Jellyfin what to play and, where all is well, answers with the upscaled stream. Whatever goes
 * wrong here, the client gets Jellyfin's own answer.
 */
export async function answerPlaybackInfo(
  deps: PlaybackInfoDeps,
  itemId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const askedAtMs = systemClock.nowMs();
  const read = await readBody(request, BODY_LIMIT_BYTES);
  if (read.kind === "too_long") return deps.passThrough.web(request, response, read.stream);
  const { url: givenUrl = "/" } = request;
  const text = read.bytes.toString("utf8");
  const asked = readPlaybackRequest(givenUrl, text);
  const asker = { ...readAsker(request, asked?.UserId ?? undefined), itemId, askedAtMs };
  // One device plays one thing; an answer may take seconds, which the machine has for this film now.
  if (asker.isDevice) leaveOthers(deps, asker.viewer, (each) => each.itemId === itemId);
  const elsewhere = deps.elsewhere?.playbackInfo(request, { ...asker, body: read.bytes });
  const known = await elsewhere?.();
  if (known !== undefined) return sendWhole(response, known);
  const failed = asked && ownFailure(deps, asker, asked);
  const sent =
    failed === undefined
      ? { url: givenUrl, body: text }
      : requestWithFlags(givenUrl, text, failed.flags);
  const body = failed === undefined ? read.bytes : Buffer.from(sent.body);
  const ask = (url: string, asBody: Buffer): Promise<WholeAnswer> =>
    askJellyfin(deps.jellyfin, request, { url, body: asBody });
  const given = await ask(sent.url, body).catch((thrown: unknown) => {
    deps.log.debug(`PlaybackInfo: ${toUpreelError(thrown).message}`);
    return undefined;
  });
  // The common way tells the client that Jellyfin does not answer.
  if (given === undefined) return deps.passThrough.web(request, response, read.bytes);
  const answer = await deps.segments.mark(given);
  try {
    if (asked !== undefined) {
      const upscaled = await rewrite(deps, { ...asker, elsewhere }, asked, answer, response);
      if (upscaled?.kind === "elsewhere") return sendWhole(response, upscaled.answer);
      if (upscaled !== undefined) {
        sendJson(response, answer, upscaled.answer);
        const again: AskAgain = ({ url, body: text }) => ask(url, Buffer.from(text));
        return keepWayBack(deps, upscaled, findWayBack(upscaled, { ...sent, asked }, again));
      }
    }
  } catch (thrown) {
    deps.log.error(`PlaybackInfo of ${itemId} is passed on: ${toUpreelError(thrown).message}`, {
      error: thrown,
    });
  }
  sendWhole(response, answer);
}

/** The playback of ours that this request is the retry of; the item is left alone from then on. */
function ownFailure(
  { playbacks, streams, log }: PlaybackInfoDeps,
  { viewer, itemId }: { viewer: string; itemId: string },
  asked: PlaybackRequest,
): { readonly flags: PlaybackRequest } | undefined {
  if (!isFallbackRetry(asked)) return undefined;
  const playback = playbacks.latest(viewer, itemId)?.playback;
  if (playback?.shows !== "upscaled") return undefined;
  if (playbacks.ageMs(playback) > RETRY_WITHIN_MS) return undefined;
  if (isFallbackRetry({ ...asked, ...playback.flags })) return undefined;
  const reason = passReason(
    "upscale_failed_before",
    "the player could not play the upscaled stream",
  );
  log.warn(`${playback.client ?? viewer}: ${reason.message}; it gets the original`, { itemId });
  playbacks.choose(viewer, itemId, { shows: "original", reason });
  leave({ streams, playbacks }, playback.playSessionId, "changed");
  return { flags: { ...asked, ...playback.flags } };
}

/** Where a client goes when its stream fails is asked for while it plays: it does not wait for that. */
function keepWayBack(
  { playbacks, log }: PlaybackInfoDeps,
  { original, sourceId }: { readonly original: PlaybackAnswer; readonly sourceId: string },
  found: Promise<string | undefined>,
): void {
  const told = found.catch((thrown: unknown) => {
    log.debug(`Source ${sourceId} has no way back: ${toUpreelError(thrown).message}`);
    return undefined;
  });
  playbacks.keepWayBack(original.PlaySessionId, told);
}

/** The answer in place of Jellyfin's; undefined when that one is to stay. */
async function rewrite(
  deps: PlaybackInfoDeps,
  {
    elsewhere,
    ...asker
  }: ReturnType<typeof readAsker> & {
    readonly itemId: string;
    readonly askedAtMs: number;
    readonly elsewhere: AskElsewhere | undefined;
  },
  asked: PlaybackRequest,
  answer: WholeAnswer,
  response: ServerResponse,
): Promise<
  | { readonly kind: "elsewhere"; readonly answer: WholeAnswer }
  | {
      readonly kind: "here";
      readonly original: PlaybackAnswer;
      readonly sourceId: string;
      readonly answer: PlaybackAnswer;
    }
  | undefined
> {
  if (answer.status !== 200) return undefined;
  const parsed = playbackAnswerSchema.safeParse(await readJson(answer.headers, answer.body));
  if (!parsed.success) {
    deps.log.debug(`PlaybackInfo of ${asker.itemId}: Jellyfin's answer is of an unknown shape`);
    return undefined;
  }
  const due = deps.answerBy(asker.askedAtMs);
  const verdict = await judgePlayback(deps, asker, asked, parsed.data, due);
  response.once("finish", () => due.sent());
  if (verdict.kind === "pass" && verdict.elsewhereId !== undefined) {
    const given = await elsewhere?.(verdict.elsewhereId);
    if (given !== undefined) return { kind: "elsewhere", answer: given };
  }
  rememberVerdict(deps, asker, asked, parsed.data.PlaySessionId, verdict);
  if (verdict.kind === "pass") return undefined;
  const { candidate, streamId } = verdict;
  const url = `/upscale/hls/${streamId}/master.m3u8?${masterQuery(candidate, deps.playbacks.qualityOf(asker.viewer))}`;
  return {
    kind: "here",
    original: parsed.data,
    sourceId: candidate.sourceId,
    answer: rewriteAnswer(parsed.data, candidate, url, asked.DeviceProfile),
  };
}

function sendJson(response: ServerResponse, answer: WholeAnswer, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(answer.status, headersForBody(answer.rawHeaders, body).flat());
  response.end(body);
}
