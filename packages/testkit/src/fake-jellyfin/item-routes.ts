import { sendJson, sendStatus } from "./answer.ts";
import {
  found,
  ID,
  json,
  noContent,
  route,
  userOf,
  type FakeCall,
  type Route,
} from "./fake-call.ts";
import { deleteImage, moveImage, sendImage, sendImages, takeImage } from "./images.ts";
import { itemDto, versionsOf } from "./item-dto.ts";
import { episodesOf, nextUp, queryItems } from "./item-queries.ts";
import { parseId } from "./parse-id.ts";
import { playbackInfo } from "./playback-info.ts";
import { updateUserData } from "./user-data.ts";
import { isNewerThan } from "./version.ts";

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

const itemOf = ({ state, captured }: FakeCall) =>
  state.items.find(({ id }) => id === parseId(captured[0] ?? ""));
const ofItem =
  (answer: (call: FakeCall, item: ReturnType<typeof itemOf>) => void) => (call: FakeCall) =>
    answer(call, itemOf(call));

/** Items, what they are made of, and what users have seen of them. */
export const ITEM_ROUTES: readonly Route[] = [
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
  route("POST", `/Items/${ID}/Refresh`, noContent),
  route("POST", "/Videos/MergeVersions", noContent),
  route("POST", `/UserItems/${ID}/UserData`, updateUserData),
];
