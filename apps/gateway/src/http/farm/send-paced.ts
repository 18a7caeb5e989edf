import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { Response } from "express";
import { fitRange } from "../server/range-header.ts";

/** A file, or the one range of it that is asked for; each piece goes when `take` lets it. */
export async function sendPaced(
  response: Response,
  path: string,
  take: (bytes: number) => Promise<void>,
): Promise<void> {
  const { size } = await stat(path);
  const { req: request } = response;
  fitRange(request, size);
  const ranges = request.range(size);
  response.setHeader("Accept-Ranges", "bytes");
  if (ranges === -1) {
    response.setHeader("Content-Range", `bytes */${size}`);
    response.status(416).end();
    return;
  }
  // Several ranges, and what is none, are answered with all of it (RFC 9110, 14.2).
  const isOne = Array.isArray(ranges) && ranges.type === "bytes" && ranges.length === 1;
  const { start = 0, end = size - 1 } = (isOne ? ranges[0] : undefined) ?? {};
  response.setHeader("Content-Length", end - start + 1);
  if (isOne) response.status(206).setHeader("Content-Range", `bytes ${start}-${end}/${size}`);
  if (request.method === "HEAD") return void response.end();
  await pipeline(
    createReadStream(path, { start, end }),
    async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        await take(piece.length);
        yield piece;
      }
    },
    response,
  );
}
