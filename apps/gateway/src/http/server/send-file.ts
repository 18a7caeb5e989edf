import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Request, Response } from "express";
import { fitRange } from "./range-header.ts";

const compress = promisify(gzip);
const GZIP_FROM_BYTES = 1024;

/** Cache-Control of what its URL stands for for ever. */
export const FOR_EVER = "public, max-age=31536000, immutable";

/** Joins the pieces of a text; between two of them others have their turn. */
async function joinInTurns(pieces: Iterable<string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (const piece of pieces) {
    // Here, not all of them at the end: that would be a turn of its own.
    chunks.push(Buffer.from(piece));
    await nextTurn();
  }
  return Buffer.concat(chunks);
}

/** Answers with a text, or its pieces, that may change; compressed where the client takes that. */
export async function sendPlaylist(
  request: Request,
  response: Response,
  pieces: string | Iterable<string>,
): Promise<void> {
  const playlist = typeof pieces === "string" ? Buffer.from(pieces) : await joinInTurns(pieces);
  const isSmall = playlist.length < GZIP_FROM_BYTES;
  response.type("application/vnd.apple.mpegurl");
  response.setHeader("Cache-Control", "no-cache");
  response.vary("Accept-Encoding");
  if (isSmall || request.acceptsEncodings("gzip") === false) return void response.send(playlist);
  response.setHeader("Content-Encoding", "gzip");
  response.send(await compress(playlist));
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
