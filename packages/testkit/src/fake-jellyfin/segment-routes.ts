import { sendJson, sendStatus } from "./answer.ts";
import type { FakeItem } from "./catalogue.ts";
import { found, ID, route, type FakeCall, type Route } from "./fake-call.ts";
import { parseId } from "./parse-id.ts";

/** The provider that the plugin "MediaSegments API" brings: from 10.11 on, what another one stored is not shown. */
const PROVIDER = "mediasegments api";

/** A type that was asked for alone is all that the gateway's tests ask for. */
function sendSegments(call: FakeCall): void {
  const item = found(call);
  if (item === undefined) return sendStatus(call.response, 404);
  const wanted = call.query.getAll("includeSegmentTypes");
  const Items = item.segments
    .filter(({ Type }) => wanted.length === 0 || wanted.includes(Type))
    .filter(({ provider }) => provider === undefined || provider === PROVIDER)
    .map(({ Id, ItemId, Type, StartTicks, EndTicks }) => ({
      ...{ Id, ItemId, Type, StartTicks, EndTicks },
    }));
  sendJson(call.request, call.response, { Items, TotalRecordCount: Items.length, StartIndex: 0 });
}

/** The plugin's calls want an administrator, as an API key is one; without the plugin there is no such route. */
const ofPlugin = (answer: (call: FakeCall) => void) => (call: FakeCall) => {
  const { state, response, caller } = call;
  if (state.behaviour.segmentsPlugin === undefined) return sendStatus(response, 404);
  if (caller.token !== state.apiKey) return sendStatus(response, 403);
  answer(call);
};

const allSegments = (items: readonly FakeItem[]): string[] =>
  items.flatMap(({ segments }) => segments.map(({ Id }) => Id));

function addSegment(call: FakeCall): void {
  const { state, request, response, query, body } = call;
  const item = found(call);
  const provider = query.get("providerId");
  if (provider === null) return sendStatus(response, 400);
  if (item === undefined) return sendStatus(response, 404);
  const segment: FakeItem["segments"][number] = JSON.parse(body);
  // An id that is there, or an end before the start, is an exception in Jellyfin.
  const isTaken = allSegments(state.items).includes(segment.Id);
  if (isTaken || segment.EndTicks < segment.StartTicks) return sendStatus(response, 500);
  item.segments.push({ ...segment, ItemId: item.id, provider: provider.toLowerCase() });
  sendJson(request, response, segment);
}

function removeSegment({ state, response, captured }: FakeCall): void {
  const id = parseId(captured[0] ?? "");
  for (const { segments } of state.items) {
    const at = segments.findIndex((each) => parseId(each.Id) === id);
    if (at >= 0) segments.splice(at, 1);
  }
  sendStatus(response, 200);
}

/** Intros and credits of items, and the plugin by which other programs write them. */
export const SEGMENT_ROUTES: readonly Route[] = [
  route("GET", `/MediaSegments/${ID}`, sendSegments),
  route(
    "GET",
    "/MediaSegmentsApi",
    ofPlugin(({ request, response, state }) =>
      sendJson(request, response, { version: state.behaviour.segmentsPlugin }),
    ),
  ),
  route("POST", `/MediaSegmentsApi/${ID}`, ofPlugin(addSegment)),
  route("DELETE", `/MediaSegmentsApi/${ID}`, ofPlugin(removeSegment)),
];
