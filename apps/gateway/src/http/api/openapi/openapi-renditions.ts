import {
  answer,
  idParameter,
  json,
  operation,
  pathParameter,
  playlist,
  queryParameter,
  ref,
  transportStream,
} from "./openapi-parts.ts";

const audioWish = [
  queryParameter("audio", "Default track: index of the stream in the file, as ffprobe counts"),
  queryParameter("channels", "2 (default) or 6"),
  queryParameter("subtitles", "`none` leaves them out, for a player that has them from elsewhere"),
  queryParameter("ladder", "`on` or `off`: whether lower qualities are listed (default: LADDER)"),
  queryParameter(
    "waited",
    "`on`: lists the upscaled film at a lower bit rate also while it is being upscaled, marked `X-WAITED-FOR=YES`",
  ),
  queryParameter(
    "quality",
    "The one quality that is listed: `best`, `lean` (upscaled, at a lower bit rate) or lines (`480`: what is no larger)",
  ),
  queryParameter(
    "rate",
    "Most bits a second that are offered, as `4M` or `800k` (RATE bounds it, too)",
  ),
  queryParameter("codecs", "What the player can play; `ac3` in it keeps Dolby 5.1 as it is"),
];

const text = answer("WebVTT", { "text/vtt": { schema: { type: "string" } } });

const bytes = answer("A file", {
  "application/octet-stream": { schema: { type: "string", format: "binary" } },
});

const master = (summary: string) => ({
  get: { ...operation(summary, playlist), parameters: [idParameter, ...audioWish] },
});
const piece = (summary: string, good: object, names: readonly string[]) => ({
  get: {
    ...operation(summary, good),
    parameters: [idParameter, ...names.map(pathParameter)],
  },
});

const frame = {
  ...{ name: "n", in: "query", required: true, description: "Number of the frame, from 0" },
  schema: { type: "integer", minimum: 0 },
};

/** What is made beside the upscaled segments. */
export const renditionPaths = {
  "/hls/{id}/master.m3u8": master("The whole timeline with all its audio tracks"),
  "/hls/{id}/audio/{rendition}/playlist.m3u8": piece("Playlist of one audio track", playlist, [
    "rendition",
  ]),
  "/hls/{id}/audio/{rendition}/{name}": piece(
    "A segment of one audio track; waits while it is being made",
    transportStream,
    ["rendition", "name"],
  ),
  "/hls/{id}/lower/{quality}/playlist.m3u8": piece(
    "Playlist of the film for a thin line: without upscaling (`480p`), or the upscaled film at a lower bit rate (`1080p-lean`)",
    playlist,
    ["quality"],
  ),
  "/hls/{id}/lower/{quality}/{name}": piece(
    "A segment of it; waits while it is being made",
    transportStream,
    ["quality", "name"],
  ),
  "/hls/{id}/original.m3u8": master("The source's own pictures, not upscaled, with all its tracks"),
  "/hls/{id}/subtitles/{index}.vtt": piece("All of a text subtitle", text, ["index"]),
  "/hls/{id}/subtitles/{index}.drawn": piece(
    "All of a subtitle in a format of its own, ASS or PGS, for pages that draw it over the picture",
    answer("ASS, or PGS as a .sup file", {
      "text/x-ssa": { schema: { type: "string" } },
      "application/octet-stream": { schema: { type: "string", format: "binary" } },
    }),
    ["index"],
  ),
  "/hls/{id}/fonts/{index}": piece("A font in the film, for its subtitles", bytes, ["index"]),
  "/hls/{id}/subtitles/{index}/playlist.m3u8": piece("Playlist of a text subtitle", playlist, [
    "index",
  ]),
  "/hls/{id}/subtitles/{index}/{name}": piece("A segment of a text subtitle", text, [
    "index",
    "name",
  ]),
  "/hls/{id}/thumbs.vtt": piece("Where the small picture of each ten seconds is", text, []),
  "/hls/{id}/thumbs/{name}": piece(
    "A sheet of small pictures, made when it is asked for",
    answer("JPEG", { "image/jpeg": { schema: { type: "string", format: "binary" } } }),
    ["name"],
  ),
  "/frame/{id}": {
    get: {
      ...operation(
        "One frame, upscaled; `Server-Timing` tells what the network took, `X-Upreel-Fps` what it should make of a film",
        answer("PNG", { "image/png": { schema: { type: "string", format: "binary" } } }),
      ),
      parameters: [
        idParameter,
        frame,
        queryParameter("model", "`original` (default), `lanczos`, or the id of a model"),
      ],
    },
  },
  "/compare/{id}": {
    get: {
      ...operation(
        "Every model that can make a still of the frame, and what it costs",
        answer("The pictures", json(ref("Compare"))),
      ),
      parameters: [idParameter, frame],
    },
  },
  "/tracks/{id}": {
    get: operation(
      "All audio and subtitle tracks, what of them is offered, and why not",
      answer("The tracks", json(ref("Tracks"))),
      true,
    ),
  },
  "/hls/{id}/original/playlist.m3u8": piece(
    "Playlist of the source's own pictures, cut at its key frames",
    playlist,
    [],
  ),
  "/hls/{id}/original/header.mp4": piece(
    "What comes before the segments, where these are MP4",
    answer("MP4", { "video/mp4": { schema: { type: "string", format: "binary" } } }),
    [],
  ),
  "/hls/{id}/original/{name}": piece(
    "A segment of the source's own pictures",
    answer("MPEG-TS, or fragments of MP4"),
    ["name"],
  ),
};
