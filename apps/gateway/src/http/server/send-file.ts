import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createGzip } from "node:zlib";
import type { Request, Response } from "express";
import { fitRange } from "./range-header.ts";

const GZIP_FROM_BYTES = 1024;

/** The media type of playlists: RFC 8216 §4. */
export const PLAYLIST_TYPE = "application/vnd.apple.mpegurl";

/** Cache-Control of what its URL stands for for ever. */
export const FOR_EVER = "public, max-age=31536000, immutable";

/** The bytes of a text in pieces; between two of them others have their turn. */
async function encodeInTurns(pieces: Iterable<string>) {
  const chunks: Buffer[] = [];
  const hash = createHash("sha1");
  let bytes = 0;
  for (const piece of pieces) {
    // Each by itself: what is done with all of them at once has a turn of its own, a long one.
    const chunk = Buffer.from(piece);
    hash.update(chunk);
    bytes += chunk.length;
    chunks.push(chunk);
    await nextTurn();
  }
  return { chunks, bytes, etag: `W/"${bytes.toString(16)}-${hash.digest("base64url")}"` };
}

/** Answers with a text, or its pieces, that may change; compressed where the client takes that. */
export async function sendPlaylist(
  request: Request,
  response: Response,
  pieces: string | Iterable<string>,
): Promise<void> {
  const text = await encodeInTurns(typeof pieces === "string" ? [pieces] : pieces);
  response.type(PLAYLIST_TYPE);
  response.setHeader("Cache-Control", "no-cache");
  response.setHeader("ETag", text.etag);
  response.vary("Accept-Encoding");
  const isPlain = text.bytes < GZIP_FROM_BYTES || request.acceptsEncodings("gzip") === false;
  if (isPlain) response.setHeader("Content-Length", text.bytes);
  else response.setHeader("Content-Encoding", "gzip");
  if (request.fresh || request.method === "HEAD") return void response.send();
  const chunks = Readable.from(text.chunks);
  await (isPlain ? pipeline(chunks, response) : pipeline(chunks, createGzip(), response));
}

/** A file, or the part of it from `start` on, `end` being its last byte. */
export interface SentFile {
  readonly path: string;
  readonly start?: number;
  readonly end?: number;
}

/** With Range, length, ETag and 304; rejects when the file is not there or the client goes. */
export async function sendFile(response: Response, { path, ...part }: SentFile): Promise<void> {
  if (response.req.headers.range !== undefined)
    fitRange(response.req, part.end === undefined ? (await stat(path)).size : part.end + 1);
  await new Promise<void>((resolve, reject) => {
    response.sendFile(
      path,
      { ...part, cacheControl: false, dotfiles: "allow" },
      (error: Error | undefined) => {
        if (error) reject(error);
        else resolve();
      },
    );
  });
}

/** The whole file, as the rest of an answer that has begun. */
export async function writeFile(response: Writable, path: string): Promise<void> {
  await pipeline(createReadStream(path), response);
}
