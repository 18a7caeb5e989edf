import { recordedExchange, ROOT_USER, TICKS_PER_SECOND } from "@upreel/testkit";
import { playbackAnswerSchema, type PlaybackAnswer } from "@upreel/jellyfin";

/** What sets one client program apart, where it matters to a server that stands between. */
export interface ClientHabits {
  readonly name: string;
  /** Sent with calls of the API. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent with playlists and segments. */
  readonly mediaHeaders: Readonly<Record<string, string>>;
  readonly deviceId: string;
  readonly profile: object;
  /** Whether PlaybackInfo says where to start and what to hear; else the client seeks by itself. */
  readonly saysWhere: boolean;
  /** jellyfin-web sends indexes as text at first. */
  readonly indexesAsText: boolean;
  readonly readsMasterTwice: boolean;
  readonly endsEncoding: "on change" | "on change and stop";
}

const authorization = (client: string, deviceId: string): Readonly<Record<string, string>> => ({
  Authorization: `MediaBrowser Client="${client}", Device="${client}", DeviceId="${deviceId}", Version="1.0", Token="${ROOT_USER.token}"`,
});
const hlsProfile = (subtitles: string): object => ({
  MaxStreamingBitrate: 100_000_000,
  DirectPlayProfiles: [{ Type: "Video" }],
  TranscodingProfiles: [
    { Type: "Video", Container: "ts", Protocol: "hls", VideoCodec: "h264", AudioCodec: "aac" },
  ],
  CodecProfiles: [],
  SubtitleProfiles: ["srt", "ass"].map((Format) => ({ Format, Method: subtitles })),
});

/** As their source code tells (Android TV, Android, Swiftfin), as they were seen (web, mpv-shim), or as is believed (Roku). */
export const CLIENTS: readonly ClientHabits[] = [
  {
    name: "jellyfin-web",
    headers: authorization("Jellyfin%20Web", "web1"),
    mediaHeaders: {},
    deviceId: "web1",
    profile: Object(recordedExchange("05-").request.body?.["DeviceProfile"]),
    saysWhere: true,
    indexesAsText: true,
    readsMasterTwice: false,
    endsEncoding: "on change",
  },
  {
    name: "Android TV",
    headers: authorization("Jellyfin Android TV", "atv1"),
    mediaHeaders: { "User-Agent": "ExoPlayer" },
    deviceId: "atv1",
    profile: hlsProfile("Embed"),
    saysWhere: true,
    indexesAsText: false,
    readsMasterTwice: false,
    endsEncoding: "on change",
  },
  {
    name: "Android",
    headers: authorization("Jellyfin Android", "and1"),
    mediaHeaders: { "User-Agent": "ExoPlayer" },
    deviceId: "and1",
    profile: hlsProfile("External"),
    saysWhere: true,
    indexesAsText: false,
    readsMasterTwice: false,
    endsEncoding: "on change and stop",
  },
  {
    name: "Swiftfin",
    headers: authorization("Swiftfin iOS", "swf1"),
    mediaHeaders: { "User-Agent": "VLC/3.6.0 LibVLC/3.6.0" },
    deviceId: "swf1",
    profile: hlsProfile("Embed"),
    saysWhere: true,
    indexesAsText: false,
    readsMasterTwice: false,
    endsEncoding: "on change",
  },
  {
    name: "Roku",
    headers: authorization("Jellyfin Roku", "roku1"),
    mediaHeaders: { "User-Agent": "Roku/DVP-14.5" },
    deviceId: "roku1",
    profile: hlsProfile("External"),
    saysWhere: true,
    indexesAsText: false,
    readsMasterTwice: false,
    endsEncoding: "on change and stop",
  },
  {
    name: "mpv-shim",
    headers: authorization("Jellyfin MPV Shim", "shim1"),
    mediaHeaders: { "User-Agent": "libmpv", Range: "bytes=0-" },
    deviceId: "shim1",
    profile: hlsProfile("Embed"),
    saysWhere: false,
    indexesAsText: false,
    readsMasterTwice: true,
    endsEncoding: "on change",
  },
];

/** A segment list as a player has it. */
interface Playlist {
  readonly segments: readonly string[];
}

/** Does to a server what a client does, call by call; whatever is answered ≥ 400 is an error. */
export function replayClient(habits: ClientHabits, server: string, itemId: string) {
  const call = async (method: string, path: string, body?: object): Promise<Response> => {
    const response = await fetch(server + path, {
      method,
      headers: { ...habits.headers, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status >= 400) throw new Error(`${method} ${path}: ${response.status}`);
    return response;
  };
  const media = async (url: string): Promise<Buffer> => {
    const response = await fetch(url, { headers: habits.mediaHeaders });
    if (response.status >= 400) throw new Error(`${url}: ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  };
  const index = (value: number): number | string => (habits.indexesAsText ? String(value) : value);
  const report = (event: string, info: PlaybackAnswer, seconds: number): Promise<Response> =>
    call("POST", `/Sessions/Playing${event}`, {
      ItemId: itemId,
      MediaSourceId: itemId,
      PlaySessionId: info.PlaySessionId,
      PositionTicks: Math.round(seconds * TICKS_PER_SECOND),
      PlayMethod: "Transcode",
      IsPaused: false,
    });
  return {
    openItemPage: () => call("GET", `/Users/${ROOT_USER.id}/Items/${itemId}`),
    async playbackInfo(
      seconds: number,
      audio: number,
      changes: object = {},
    ): Promise<PlaybackAnswer> {
      const where = {
        StartTimeTicks: seconds * TICKS_PER_SECOND,
        AudioStreamIndex: index(audio),
        SubtitleStreamIndex: index(-1),
        MediaSourceId: itemId,
      };
      const response = await call("POST", `/Items/${itemId}/PlaybackInfo`, {
        UserId: ROOT_USER.id,
        DeviceProfile: habits.profile,
        AutoOpenLiveStream: true,
        IsPlayback: true,
        ...(habits.saysWhere ? where : {}),
        ...changes,
      });
      return playbackAnswerSchema.parse(await response.json());
    },
    /** Every client puts the server's address before the URL that it was given. */
    async openStream({ MediaSources: [source] }: PlaybackAnswer): Promise<Playlist> {
      const path = source?.["TranscodingUrl"];
      if (typeof path !== "string") throw new Error("it is to play the original");
      const master = new URL(server + path);
      if (habits.readsMasterTwice) await media(master.href);
      const text = (await media(master.href)).toString();
      const variant = text.split("\n").find((line) => line !== "" && !line.startsWith("#")) ?? "";
      const url = new URL(variant, master);
      const lines = (await media(url.href)).toString().split("\n");
      const names = lines.filter((line) => line !== "" && !line.startsWith("#"));
      return { segments: names.map((name) => new URL(name, url).href) };
    },
    /** The segment's bytes, without the packets that only kept the client waiting. */
    async segment({ segments }: Playlist, k: number): Promise<Buffer> {
      const bytes = await media(segments[k] ?? "");
      if (bytes.length < 376 || bytes.length % 188 !== 0 || bytes[0] !== 0x47)
        throw new Error(`segment ${k} is no transport stream of ${bytes.length} bytes`);
      return bytes;
    },
    playing: (info: PlaybackAnswer, seconds: number) => report("", info, seconds),
    progress: (info: PlaybackAnswer, seconds: number) => report("/Progress", info, seconds),
    endEncoding: ({ PlaySessionId }: PlaybackAnswer) =>
      call(
        "DELETE",
        `/Videos/ActiveEncodings?deviceId=${habits.deviceId}&playSessionId=${PlaySessionId}`,
      ),
    async stop(info: PlaybackAnswer, seconds: number): Promise<void> {
      await report("/Stopped", info, seconds);
      if (habits.endsEncoding === "on change and stop") await this.endEncoding(info);
    },
  };
}
