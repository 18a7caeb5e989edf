import { sendBody, sendStatus } from "./answer.ts";
import { found, ID, route, text, type FakeCall, type Route } from "./fake-call.ts";
import { parseId } from "./parse-id.ts";
import { sendFile } from "./send-file.ts";

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

/** Files, and the streams that Jellyfin makes of them. */
export const VIDEO_ROUTES: readonly Route[] = [
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
];
