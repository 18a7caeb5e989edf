import { sendStatus } from "./answer.ts";
import { parseId } from "./parse-id.ts";
import type { FakeCall } from "./routes.ts";

/** A client's own report changes what its session plays. */
export function noteReport(call: FakeCall): void {
  const { state, response, caller } = call;
  const report: Record<string, unknown> = JSON.parse(call.body);
  const session = state.sessions.find(({ deviceId }) => deviceId === caller.deviceId);
  const item = state.items.find(({ id }) => id === parseId(String(report["ItemId"])));
  if (session !== undefined && item !== undefined)
    session.playing =
      call.captured[0] === "/Stopped"
        ? undefined
        : {
            item,
            positionTicks: Number(report["PositionTicks"] ?? 0),
            isPaused: report["IsPaused"] === true,
            playMethod: report["PlayMethod"] === "Transcode" ? "Transcode" : "DirectPlay",
            audioStreamIndex: index(report["AudioStreamIndex"]),
            subtitleStreamIndex: index(report["SubtitleStreamIndex"]),
          };
  sendStatus(response, 204);
}

const index = (value: unknown): number | undefined =>
  value === undefined || value === null ? undefined : Number(value);
