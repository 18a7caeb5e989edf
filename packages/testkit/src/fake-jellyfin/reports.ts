import { sendStatus } from "./answer.ts";
import { parseId } from "./parse-id.ts";
import type { FakeCall } from "./fake-call.ts";
import { notePosition, userDataOf } from "./user-data.ts";

/** A client's own report changes what its session plays, and what its user has seen. */
export function noteReport(call: FakeCall): void {
  const { state, response, caller } = call;
  const report: Record<string, unknown> = JSON.parse(call.body);
  const session = state.sessions.find(({ deviceId }) => deviceId === caller.deviceId);
  const item = state.items.find(({ id }) => id === parseId(String(report["ItemId"])));
  const [event] = call.captured;
  const positionTicks = Number(report["PositionTicks"] ?? 0);
  if (session !== undefined && item !== undefined) {
    // The last word on one film may come after the first on the next.
    const isStill = session.playing?.item === item;
    if (event !== "/Stopped")
      session.playing = {
        ...{ item, positionTicks },
        isPaused: report["IsPaused"] === true,
        playMethod: report["PlayMethod"] === "Transcode" ? "Transcode" : "DirectPlay",
        mediaSourceId:
          typeof report["MediaSourceId"] === "string" ? report["MediaSourceId"] : item.id,
        audioStreamIndex: index(report["AudioStreamIndex"]),
        subtitleStreamIndex: index(report["SubtitleStreamIndex"]),
      };
    else if (isStill) session.playing = undefined;
  }
  const user = session?.user ?? state.users.find(({ token }) => token === caller.token);
  if (item !== undefined && user !== undefined) {
    const seen = userDataOf(item, user);
    if (event === undefined) {
      seen.playCount = (seen.playCount ?? 0) + 1;
      seen.lastPlayedDate = new Date().toISOString();
    } else notePosition(item, user, positionTicks);
  }
  sendStatus(response, 204);
}

const index = (value: unknown): number | undefined =>
  value === undefined || value === null ? undefined : Number(value);
