import type { GatewayDeps } from "../http/deps.ts";
import type { Playbacks } from "../viewing/playbacks.ts";

/** How long clients of Jellyfin are kept waiting for an answer. */
export interface AnswerTiming {
  /** They wait for PlaybackInfo with a spinner; what is not there by then comes later, … */
  readonly answerMs: number;
  /** … or a little later where it is wished for. */
  readonly proofMs: number;
  /** A server that is slow to tell the names of users and libraries, for rules, is not waited for. */
  readonly namesMs: number;
  /** Players wait 10 s for a playlist at least; Jellyfin was asked when they were told to play it. */
  readonly wayBackMs: number;
}

export const ANSWER_TIMING: AnswerTiming = {
  ...{ answerMs: 1_500, proofMs: 3_000 },
  ...{ namesMs: 1_000, wayBackMs: 3_000 },
};

/** All that the proxy needs: what the routes have, and what clients play through it. */
export interface ProxyDeps extends GatewayDeps {
  readonly playbacks: Playbacks;
  readonly answerTiming: AnswerTiming;
}
