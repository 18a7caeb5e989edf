import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { sendStatus } from "./answer.ts";

/** Answers a file's bytes, whole or by `Range: bytes=a-b`. */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: string | undefined,
): Promise<void> {
  if (file === undefined) return sendStatus(response, 404);
  const { size } = await stat(file);
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  const start = from === undefined ? 0 : Number(from);
  const end = to === undefined || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (start > end) return sendStatus(response, 416);
  response.statusCode = from === undefined ? 200 : 206;
  response.setHeader("Accept-Ranges", "bytes");
  response.setHeader("Content-Type", "video/x-matroska");
  response.setHeader("Content-Length", end - start + 1);
  if (from !== undefined) response.setHeader("Content-Range", `bytes ${start}-${end}/${size}`);
  // A client that leaves in the middle is no fault.
  await pipeline(createReadStream(file, { start, end }), response).catch(() => response.destroy());
}
