import { sendStatus } from "./answer.ts";
import { json, noContent, route, type FakeCall, type Route } from "./fake-call.ts";
import { noteReport } from "./reports.ts";
import { sessionDto } from "./sessions.ts";

function remoteControl(call: FakeCall): void {
  const [sessionId = "", kind = ""] = call.captured;
  if (!call.state.sessions.some(({ id }) => id === sessionId))
    return sendStatus(call.response, 404);
  call.state.remoteCalls.push({
    sessionId,
    kind,
    query: Object.fromEntries(call.query),
    body: call.body === "" ? undefined : JSON.parse(call.body),
  });
  const session = call.state.sessions.find(({ id }) => id === sessionId);
  if (kind === "Playing") call.state.tell(session?.deviceId ?? "", "Play", playOrder(call.query));
  sendStatus(call.response, 204);
}

/** As the server puts it to a client: numbers are numbers. */
const playOrder = (query: URLSearchParams): Record<string, unknown> => ({
  ItemIds: query.get("itemIds")?.split(",") ?? [],
  PlayCommand: query.get("playCommand"),
  StartPositionTicks: Number(query.get("startPositionTicks") ?? 0),
  MediaSourceId: query.get("mediaSourceId"),
  AudioStreamIndex: Number(query.get("audioStreamIndex") ?? -1),
  SubtitleStreamIndex: Number(query.get("subtitleStreamIndex") ?? -1),
});

/** Who plays, and how others steer him. */
export const SESSION_ROUTES: readonly Route[] = [
  route(
    "GET",
    "/Sessions",
    json(({ state }) => state.sessions.map((session) => sessionDto(session, state.version))),
  ),
  route("POST", "/Sessions/Capabilities/Full", noContent),
  route("POST", "/Sessions/Playing(/Progress|/Stopped)?", noteReport),
  route("POST", "/Sessions/([0-9a-f]{32})/(Playing(?:/\\w+)?|Message|Command)", remoteControl),
  route("DELETE", "/Videos/ActiveEncodings", noContent),
];
