import type { Stream } from "./stream-api.ts";
import type { TriggerRequest, TriggerResult } from "./streams-api.ts";

export interface TriggerAgainParts {
  readonly nowMs: () => number;
  /** After whatever came of it before. */
  readonly startAgain: (stream: Stream) => Promise<void>;
  /** Somebody wants to see it. */
  readonly onViewer: (stream: Stream) => void;
}

export const startAnswer = ({ state, id }: Stream): TriggerResult => ({
  ...{ status: state === "queued" ? "queued" : "started", id, archive: undefined },
});

/** What a trigger means for a stream that there is already. `requireRoom` is asked before it works again. */
export async function triggerAgain(
  stream: Stream,
  { priority = "viewer", fromSeconds = 0 }: TriggerRequest,
  { nowMs, onViewer, startAgain }: TriggerAgainParts,
  requireRoom: () => void,
): Promise<TriggerResult> {
  const { id } = stream;
  stream.audience.expectFrom(fromSeconds);
  stream.raisePriority(priority);
  if (stream.isPrepared) {
    if (priority === "viewer") stream.expectViewer();
    await stream.folder.restartBroadcast(nowMs());
    stream.play(nowMs());
  }
  if (priority === "viewer") onViewer(stream);
  const { archive } = stream.record;
  if (stream.state === "complete" && archive !== undefined) {
    if (await stream.folder.hasArchive()) return { status: "exists", id, archive };
  }
  if (stream.isWorking) {
    stream.setPaused(false);
    if (priority === "viewer") {
      await stream.renewBroadcast();
      stream.expectViewer();
    }
    const status = stream.state === "queued" ? "queued" : "streaming";
    return { status, id, archive: undefined };
  }
  requireRoom();
  await startAgain(stream);
  return startAnswer(stream);
}
