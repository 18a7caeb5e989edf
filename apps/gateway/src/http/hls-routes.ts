import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { UpreelError, type StreamStatus } from "@upreel/core";
import { vodPlaylist } from "@upreel/watcher";
import { Router, type Request, type RequestHandler, type Response } from "express";
import type { GatewayDeps } from "./deps.ts";
import { clientOf } from "./playhead-routes.ts";
import { isActive, readPlayable, waitInStream } from "./playlist-wait.ts";
import { holdForSegment, segmentMissing } from "./segment-hold.ts";
import { sendSegment } from "./send-segment.ts";
import { readProbedRecord } from "./stored-record.ts";

const compress = promisify(gzip);
const GZIP_FROM_BYTES = 1024;
const FOR_EVER = "public, max-age=31536000, immutable";

/** Playlists, segments and archives: the embedded HLS server. Only the names of the HTTP contract are served. */
export function hlsRoutes(deps: GatewayDeps): Router {
  const { streams, config } = deps;
  const router = Router();
  const folderOf = (id: string): string => join(config.dataDir, "streams", id);
  router.use(allowAnyOrigin);

  router.get("/:id/live.m3u8", async (request, response) => {
    const { id } = request.params;
    const path = join(folderOf(id), "live.m3u8");
    const playlist = await waitInStream(
      streams,
      id,
      () => readPlayable(path),
      waiting(deps, response),
    );
    await sendPlaylist(request, response, playlist);
  });

  router.get("/:id/stream.m3u8", async (request, response) => {
    const { id } = request.params;
    const path = join(folderOf(id), "stream.json");
    const { timeline, archiveOffsets } = await waitInStream(
      streams,
      id,
      () => readProbedRecord(path),
      waiting(deps, response),
    );
    await sendPlaylist(request, response, vodPlaylist(timeline, archiveOffsets));
  });

  router.get("/:id/segments/:name", async (request, response) => {
    const { id, name } = request.params;
    const segment = segmentNumber(name);
    const folder = await streams.folder(id);
    if (request.method === "GET") streams.noteAsked(id, segment, clientOf(request));
    response.type("video/mp2t");
    if (!folder.ready.has(segment)) {
      refuseWhatNeverComes(streams.status(id), segment);
      response.setHeader("Cache-Control", "no-store");
      const { signal } = waiting(deps, response);
      const held = await holdForSegment({ id, segment, folder }, response, {
        streams,
        timing: deps.hold,
        signal,
      });
      if (held === "sent") return;
    }
    response.setHeader("Cache-Control", FOR_EVER);
    await sendSegment(request, response, folder, segment);
  });

  router.get("/:id/archive.ts", async (request, response) => {
    const { file, state } = streams.status(request.params.id);
    if (file === null)
      throw new UpreelError("not_found", "the finished film is not there yet", {
        expected: "a stream that is complete",
        got: `a stream that is ${state}`,
      });
    response.type("video/mp2t");
    await sendFile(response, file);
  });
  return router;
}

/** Any page may play a stream; hls.js needs to read the lengths of ranges. */
const allowAnyOrigin: RequestHandler = (request, response, next) => {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader(
    "Access-Control-Expose-Headers",
    "Content-Length, Content-Range, Accept-Ranges",
  );
  response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
  if (request.method !== "OPTIONS") return next();
  response.setHeader("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
  response.setHeader("Access-Control-Allow-Headers", "Range");
  response.setHeader("Access-Control-Max-Age", "86400");
  response.status(204).end();
};

/** Ends a wait when the client goes or the server closes. */
function waiting(
  deps: GatewayDeps,
  response: Response,
): { signal: AbortSignal; timeoutMs: number } {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return { signal: AbortSignal.any([gone.signal, deps.closing]), timeoutMs: deps.hold.playlistMs };
}

async function sendPlaylist(request: Request, response: Response, playlist: string): Promise<void> {
  const isSmall = playlist.length < GZIP_FROM_BYTES;
  response.type("application/vnd.apple.mpegurl");
  response.setHeader("Cache-Control", "no-cache");
  response.vary("Accept-Encoding");
  if (isSmall || request.acceptsEncodings("gzip") === false)
    return void response.send(Buffer.from(playlist));
  response.setHeader("Content-Encoding", "gzip");
  response.send(await compress(playlist));
}

function segmentNumber(name: string): number {
  if (/^\d{6}\.ts$/.test(name)) return Number(name.slice(0, 6));
  throw new UpreelError("not_found", `no such segment name: ${name}`, {
    expected: "six digits and .ts, for example 000123.ts",
    got: name,
  });
}

function refuseWhatNeverComes(status: StreamStatus, segment: number): void {
  if (status.segments_total !== null && segment >= status.segments_total)
    throw new UpreelError(
      status.reason?.code === "source_truncated" ? "source_truncated" : "segment_not_found",
      `segment ${segment} is past the end of the film`,
      { expected: `0 to ${status.segments_total - 1}`, got: String(segment) },
    );
  if (!isActive(status.state)) throw segmentMissing(segment, status.state);
}

/** With Range, length, ETag and 304; rejects when the file is not there or the client goes. */
function sendFile(response: Response, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    response.sendFile(
      path,
      { cacheControl: false, dotfiles: "allow" },
      (error: Error | undefined) => {
        if (error) reject(error);
        else resolve();
      },
    );
  });
}
