import type { IncomingMessage, ServerResponse } from "node:http";
import { sendBody, sendJson, sendStatus } from "./answer.ts";
import type { FakeCaller } from "./authorization.ts";
import { deleteImage, moveImage, sendImage, sendImages, takeImage } from "./images.ts";
import { episodesOf, nextUp, queryItems } from "./item-queries.ts";
import { itemDto, SERVER_ID, versionsOf } from "./item-dto.ts";
import { parseId } from "./parse-id.ts";
import { playbackInfo } from "./playback-info.ts";
import { noteReport } from "./reports.ts";
import { sendFile } from "./send-file.ts";
import { sessionDto } from "./sessions.ts";
import type { FakeState } from "./state.ts";
import { updateUserData } from "./user-data.ts";
import { isNewerThan } from "./version.ts";

export interface FakeCall {
  readonly state: FakeState;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly caller: FakeCaller;
  readonly body: string;
  /** What the pattern captured. */
  readonly captured: readonly string[];
}

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  /** Needs no token. */
  readonly isOpen?: boolean;
  readonly answer: (call: FakeCall) => void | Promise<void>;
}

const found = (call: FakeCall) =>
  call.state.items.find(({ id }) => id === parseId(call.captured.at(-1) ?? ""));

const userOf = (call: FakeCall, id: string | null) =>
  call.state.users.find((user) => user.id === parseId(id ?? "")) ??
  call.state.users.find((user) => user.token === call.caller.token);

function sendItem(call: FakeCall, userId: string | null): void {
  const user = userOf(call, userId);
  // An API key has no user: seen as 400 with 12.0, 404 before.
  if (user === undefined)
    return sendStatus(call.response, isNewerThan(call.state.version, "10.11") ? 400 : 404);
  const item = found(call);
  if (item === undefined) return sendStatus(call.response, 404);
  const data = item.userData.get(user.id) ?? { played: false, favourite: false, positionTicks: 0 };
  sendJson(
    call.request,
    call.response,
    itemDto(item, call.state.version, { path: true, user: data, among: call.state.items }),
  );
}

function sendPlaybackInfo(call: FakeCall): void {
  const item = found(call);
  if (item === undefined) return sendStatus(call.response, 404);
  const asked: Record<string, unknown> = call.body === "" ? {} : JSON.parse(call.body);
  for (const [name, value] of call.query)
    asked[name[0]?.toUpperCase() + name.slice(1)] ??=
      value === "true" ? true : value === "false" ? false : value;
  if (
    call.request.method === "POST" &&
    userOf(call, typeof asked["UserId"] === "string" ? asked["UserId"] : null) === undefined
  )
    return sendStatus(call.response, isNewerThan(call.state.version, "10.11") ? 400 : 404);
  const from = {
    version: call.state.version,
    token: call.caller.token ?? "",
    deviceId: call.caller.deviceId ?? "device",
  };
  sendJson(
    call.request,
    call.response,
    playbackInfo(versionsOf(item, call.state.items), asked, from),
  );
}

/** A type that was asked for alone is all that the gateway's tests ask for. */
function sendSegments(call: FakeCall): void {
  const item = found(call);
  if (item === undefined) return sendStatus(call.response, 404);
  const wanted = call.query.getAll("includeSegmentTypes");
  const Items = item.segments.filter(({ Type }) => wanted.length === 0 || wanted.includes(Type));
  sendJson(call.request, call.response, { Items, TotalRecordCount: Items.length, StartIndex: 0 });
}

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

const json = (value: (call: FakeCall) => unknown) => (call: FakeCall) =>
  sendJson(call.request, call.response, value(call));
const noContent = ({ response }: FakeCall): void => sendStatus(response, 204);
const text = (body: string, type: string) => (call: FakeCall) =>
  sendBody(call.request, call.response, body, type);

const OWN_MASTER =
  '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=3219805,CODECS="avc1.42401E,mp4a.40.2",RESOLUTION=640x360\n';
const PLAYLIST = "application/vnd.apple.mpegurl";

async function sendOwnPlaylist(call: FakeCall): Promise<void> {
  const item = found(call);
  if (item?.file === undefined) return sendStatus(call.response, 404);
  const playlist = await call.state.ownHls.playlist(item, call.state.version, call.query);
  sendBody(call.request, call.response, playlist, PLAYLIST);
}

async function sendOwnSegment(call: FakeCall): Promise<void> {
  const [id = "", name = ""] = call.captured;
  const item = call.state.items.find((each) => each.id === parseId(id));
  const path = item && (await call.state.ownHls.segment(item, call.query, name));
  await sendFile(call.request, call.response, path);
}

const itemOf = ({ state, captured }: FakeCall) =>
  state.items.find(({ id }) => id === parseId(captured[0] ?? ""));
const ofItem =
  (answer: (call: FakeCall, item: ReturnType<typeof itemOf>) => void) => (call: FakeCall) =>
    answer(call, itemOf(call));

const ID = "([0-9a-f-]{32,36})";
const route = (method: string, path: string, answer: Route["answer"], isOpen = false): Route => ({
  method,
  pattern: new RegExp(`^${path}$`, "i"),
  answer,
  isOpen,
});

/** The endpoints that the gateway and its tests touch. */
export const ROUTES: readonly Route[] = [
  route("GET", "/System/Info/Public", json(publicInfo), true),
  route("GET", "/System/Info", json(publicInfo)),
  route(
    "GET",
    "/Users/Public",
    json(({ state }) => state.users.map(userDto)),
    true,
  ),
  route(
    "GET",
    "/Users",
    json(({ state }) => state.users.map(userDto)),
  ),
  route("GET", "/Library/VirtualFolders", json(libraries)),
  route(
    "GET",
    "/Items",
    json(({ state, query }) => queryItems(state, query)),
  ),
  route(
    "GET",
    "/Shows/NextUp",
    json(({ state, query }) => nextUp(state, query)),
  ),
  route(
    "GET",
    `/Shows/${ID}/Episodes`,
    json(({ state, query, captured }) => episodesOf(state, captured[0] ?? "", query)),
  ),
  route("GET", `/Items/${ID}`, (call) => sendItem(call, call.query.get("userId"))),
  route("GET", `/Users/${ID}/Items/${ID}`, (call) => sendItem(call, call.captured[0] ?? null)),
  route("POST", `/Items/${ID}/PlaybackInfo`, sendPlaybackInfo),
  route("GET", `/Items/${ID}/PlaybackInfo`, sendPlaybackInfo),
  route("GET", `/Items/${ID}/Images`, ofItem(sendImages)),
  route("GET", `/Items/${ID}/Images/(\\w+)(?:/(\\d+))?`, ofItem(sendImage)),
  route("POST", `/Items/${ID}/Images/(\\w+)(?:/(\\d+))?`, ofItem(takeImage)),
  route("POST", `/Items/${ID}/Images/(\\w+)/(\\d+)/Index`, ofItem(moveImage)),
  route("DELETE", `/Items/${ID}/Images/(\\w+)/(\\d+)`, ofItem(deleteImage)),
  route("GET", `/MediaSegments/${ID}`, sendSegments),
  route("POST", `/Items/${ID}/Refresh`, noContent),
  route("POST", "/Library/Refresh", noContent),
  route("POST", "/Library/Media/Updated", noContent),
  route("POST", "/Videos/MergeVersions", noContent),
  route(
    "GET",
    "/Sessions",
    json(({ state }) => state.sessions.map((session) => sessionDto(session, state.version))),
  ),
  route("POST", "/Sessions/Capabilities/Full", noContent),
  route("POST", "/Sessions/Playing(/Progress|/Stopped)?", noteReport),
  route("POST", "/Sessions/([0-9a-f]{32})/(Playing(?:/\\w+)?|Message|Command)", remoteControl),
  route("POST", `/UserItems/${ID}/UserData`, updateUserData),
  route("DELETE", "/Videos/ActiveEncodings", noContent),
  route(
    "GET",
    `/Videos/${ID}/stream(?:\\.\\w+)?`,
    (call) => sendFile(call.request, call.response, found(call)?.file),
    true,
  ),
  route("GET", `/Videos/${ID}/master.m3u8`, (call) =>
    text(`${OWN_MASTER}main.m3u8?${call.query.toString()}\n`, PLAYLIST)(call),
  ),
  route("GET", `/Videos/${ID}/main.m3u8`, sendOwnPlaylist),
  route("GET", `/Videos/${ID}/hls1/main/(\\d+\\.ts)`, sendOwnSegment),
  route(
    "GET",
    `/Videos/${ID}/${ID}/Subtitles/\\d+/\\d+/Stream\\.(?:vtt|srt|js)`,
    text("WEBVTT\n\n00:00:00.023 --> 00:00:04.023\nSUB1 second 0\n", "text/vtt; charset=utf-8"),
    true,
  ),
  route(
    "GET",
    "/web/(?:index.html)?",
    text(
      '<!DOCTYPE html><html><head></head><body><script src="main.js"></script></body></html>',
      "text/html",
    ),
    true,
  ),
  route(
    "GET",
    "/web/config.json",
    json(() => ({ plugins: ["playAccessValidation/plugin"] })),
    true,
  ),
];

function publicInfo({ state, request }: FakeCall): unknown {
  return {
    LocalAddress: `http://${request.headers.host}`,
    ServerName: "rig",
    Version: state.version,
    ProductName: "Jellyfin Server",
    OperatingSystem: "",
    Id: SERVER_ID,
    StartupWizardCompleted: true,
  };
}

const userDto = ({ id, name }: FakeState["users"][number]): unknown => ({
  Name: name,
  ServerId: SERVER_ID,
  Id: id,
  HasPassword: true,
  Policy: { IsAdministrator: true, IsDisabled: false },
});

function libraries({ state }: FakeCall): unknown {
  return state.libraries.map(({ id, name, collectionType, locations }) => ({
    Name: name,
    Locations: locations,
    CollectionType: collectionType,
    ItemId: id,
  }));
}
