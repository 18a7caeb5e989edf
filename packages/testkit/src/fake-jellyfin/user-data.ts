import { TICKS_PER_SECOND, type FakeItem, type FakeUser, type FakeUserData } from "./catalogue.ts";
import { sendStatus } from "./answer.ts";
import { parseId } from "./parse-id.ts";
import type { FakeCall } from "./fake-call.ts";

/** Shorter items never get a resume position. */
const MIN_RESUME_SECONDS = 300;
const MIN_RESUME_SHARE = 0.05;
const PLAYED_SHARE = 0.9;

/** What a user has done with an item, to be changed. */
export function userDataOf(item: FakeItem, user: FakeUser): FakeUserData {
  const known = item.userData.get(user.id);
  if (known !== undefined) return known;
  const blank = { played: false, favourite: false, positionTicks: 0, playCount: 0 };
  item.userData.set(user.id, blank);
  return blank;
}

/** As `UserDataManager.UpdatePlayState`: near its end a film is played, near its beginning not begun. */
export function notePosition(item: FakeItem, user: FakeUser, ticks: number): void {
  const seen = userDataOf(item, user);
  const share = item.runTimeTicks === 0 ? 1 : ticks / item.runTimeTicks;
  const isOver = share >= PLAYED_SHARE;
  if (isOver) seen.played = true;
  const isKept =
    !isOver &&
    share >= MIN_RESUME_SHARE &&
    item.runTimeTicks >= MIN_RESUME_SECONDS * TICKS_PER_SECOND;
  seen.positionTicks = isKept ? ticks : 0;
}

/** `POST /UserItems/{id}/UserData`: what is named is set. */
export function updateUserData({ state, query, captured, body, caller, response }: FakeCall): void {
  const item = state.items.find(({ id }) => id === parseId(captured[0] ?? ""));
  const user =
    state.users.find(({ id }) => id === parseId(query.get("userId") ?? "")) ??
    state.users.find(({ token }) => token === caller.token);
  if (item === undefined || user === undefined) return sendStatus(response, 404);
  const change: Record<string, unknown> = JSON.parse(body);
  const seen = userDataOf(item, user);
  if (typeof change["Played"] === "boolean") seen.played = change["Played"];
  if (typeof change["PlayCount"] === "number") seen.playCount = change["PlayCount"];
  if (typeof change["PlaybackPositionTicks"] === "number")
    seen.positionTicks = change["PlaybackPositionTicks"];
  if (typeof change["LastPlayedDate"] === "string") seen.lastPlayedDate = change["LastPlayedDate"];
  sendStatus(response, 200, "{}");
}
