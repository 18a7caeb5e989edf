import type { QueueAnswer, StreamState, StreamStatus } from "@upreel/core";
import { call } from "../api/gateway.ts";

/** What can be done with a stream, besides playing and deleting it. */
export type Action = "pause" | "resume" | "cancel" | "pin" | "unpin";

const ACTIONS: Record<StreamState, readonly Action[]> = {
  queued: ["cancel"],
  starting: ["pause", "cancel"],
  running: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  idle: ["resume"],
  // Its main button tries it again.
  failed: [],
  cancelled: ["resume"],
  complete: [],
};

/** What is so stays so, however often it is tried: the film itself stands in the way. */
const FOR_GOOD: ReadonlySet<string> = new Set([
  "source_hdr",
  "source_no_video",
  "source_too_large",
  "source_too_long",
  "codec_unsupported",
  "audio_unknown",
]);

/** Nothing of it is upscaled, and it plays as it is: it fills the screen already, or its colours cannot be converted. */
export const isOriginalOnly = ({
  state,
  reason,
}: Pick<StreamStatus, "state" | "reason">): boolean =>
  state === "failed" && (reason?.code === "source_too_large" || reason?.code === "source_hdr");

/** Whether a film that failed may come to something when it is tried again. */
export const canHelpAgain = ({ reason }: Pick<StreamStatus, "reason">): boolean =>
  reason === null || !FOR_GOOD.has(reason.code);

/** A pinned stream is never deleted to make room. */
export const actionsFor = ({ state, pinned }: StreamStatus): readonly Action[] => [
  ...ACTIONS[state],
  pinned ? "unpin" : "pin",
];

const WAITING: ReadonlySet<StreamState> = new Set(["queued", "starting", "running"]);

/** Whether its place among those that wait can be changed; what somebody watches is made first in any case. */
export const isMovable = ({ state, viewers }: Pick<StreamStatus, "state" | "viewers">): boolean =>
  WAITING.has(state) && viewers === 0;

export const isCancellable = ({ state }: Pick<StreamStatus, "state">): boolean =>
  ACTIONS[state].includes("cancel");

/** Moves films before another one; null: to the end, undefined: to the front. Gives the order by hand. */
export async function moveBefore(
  ids: readonly string[],
  before: string | null | undefined,
): Promise<readonly string[]> {
  const body = before === undefined ? { ids } : { ids, before };
  const answer = await call<QueueAnswer>("queue", { method: "POST", body });
  return answer.ids.slice(0, answer.by_hand);
}

/** Does the same to several, one after the other: those that come after a failure, too. Rejects with the first one. */
export async function toEach(
  ids: readonly string[],
  change: (id: string) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  for (const id of ids) await change(id).catch((thrown: unknown) => void failures.push(thrown));
  if (failures.length > 0) throw failures[0];
}

/** Rejects with a `GatewayError`. The new state comes with the next event. */
export async function act(id: string, action: Action): Promise<void> {
  await call<StreamStatus>(`streams/${id}/${action}`, { method: "POST" });
}

export async function remove(id: string): Promise<void> {
  await call(`streams/${id}`, { method: "DELETE" });
}
