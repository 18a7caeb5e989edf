import { join } from "node:path";
import { publishedStream, segmentFile, streamPaths, vodPlaylist } from "@upreel/watcher";
import type { Request, Response } from "express";
import { readPlayable } from "../hls/playlist-wait.ts";
import { FOR_EVER, sendFile, sendPlaylist } from "../server/send-file.ts";
import { sendSegment } from "../hls/send-segment.ts";

const HLS =
  /^\/hls\/[a-z2-7]{26}\/(?:segments\/(\d{6})\.ts|(live\.m3u8|stream\.m3u8|archive\.ts))$/;

interface Asked {
  readonly dataDir: string;
  readonly id: string;
  readonly request: Request;
  readonly response: Response;
}

const reads = ({ method }: Request): boolean => method === "GET" || method === "HEAD";

/** A segment of any gateway's stream that has a file of its own; false: it has none. */
export async function sendSegmentFile({ dataDir, id, request, response }: Asked): Promise<boolean> {
  const segment = HLS.exec(request.path)?.[1];
  if (segment === undefined || !reads(request)) return false;
  const k = Number(segment);
  const location = await segmentFile(dataDir, id, k);
  if (location === undefined) return false;
  anyOrigin(response);
  response.type("video/mp2t").setHeader("Cache-Control", FOR_EVER);
  await sendSegment(request, response, { locate: async () => location }, k);
  return true;
}

/** Whatever plays of a stream whose owner nobody can tell now; false: that is not on the disk. */
export async function sendPublished(asked: Asked): Promise<boolean> {
  const { dataDir, id, request, response } = asked;
  if (await sendSegmentFile(asked)) return true;
  const [, segment, name] = HLS.exec(request.path) ?? [];
  if ((segment === undefined && name === undefined) || !reads(request)) return false;
  if (name === "live.m3u8") {
    const text = await readPlayable(join(streamPaths(dataDir, id).folder, name));
    if (text === undefined) return false;
    anyOrigin(response);
    await sendPlaylist(request, response, text);
    return true;
  }
  const found = await publishedStream(dataDir, id);
  if (found === undefined) return false;
  const { timeline, archive, archiveOffsets } = found.record;
  if (name === "stream.m3u8") {
    if (timeline === undefined) return false;
    anyOrigin(response);
    await sendPlaylist(request, response, vodPlaylist(timeline, archiveOffsets, true));
    return true;
  }
  if (archive === undefined) return false;
  anyOrigin(response);
  response.type("video/mp2t");
  if (segment === undefined) await sendFile(response, { path: archive });
  else {
    response.setHeader("Cache-Control", FOR_EVER);
    await sendSegment(request, response, found, Number(segment));
  }
  return true;
}

const anyOrigin = (response: Response): void => {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader(
    "Access-Control-Expose-Headers",
    "Content-Length, Content-Range, Accept-Ranges",
  );
  response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
};
