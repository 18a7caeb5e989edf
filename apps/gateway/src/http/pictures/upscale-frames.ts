import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { FRAME_FORMAT_BYTES, UpreelError } from "@upreel/core";
import type { Pictures, UpscaledPicture } from "@upreel/engine";
import type { readStreamQuery } from "./picture-query.ts";

interface FrameStream {
  readonly request: Readable;
  readonly response: Writable & {
    readonly headersSent: boolean;
    setHeader(name: string, value: string): unknown;
  };
  readonly signal: AbortSignal;
}

/** Frames of one client that are under way; as many as keep all parts of the process busy. */
const FRAMES_AHEAD = 3;

/**
 * Raw frames in, raw frames out, in order, on one connection: each is sent when it is made, whether or not another one
 * has come, and a frame is read when there is a place for it, so that who reads slowly sends slowly. Ends with the
 * body; a body that ends within a frame is an error.
 */
export async function upscaleFrames(
  pictures: Pick<Pictures, "frame">,
  wish: ReturnType<typeof readStreamQuery>,
  { request, response, signal }: FrameStream,
): Promise<void> {
  const { width, height, format } = wish.input;
  const frames = cutFrames(request, width * height * FRAME_FORMAT_BYTES[format]);
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  let hasFailed = false;
  let sent = Promise.resolve();
  const under: Promise<void>[] = [];
  const takeAll = async (): Promise<void> => {
    for await (const bytes of frames) {
      if (hasFailed) return;
      const made = pictures.frame({ ...wish, bytes, output: { kind: "raw" } }, signal);
      // It is awaited in its turn; one before it may fail first.
      made.catch(() => undefined);
      sent = sendAfter(sent, made, { response, signal });
      sent.catch((error: unknown) => {
        hasFailed = true;
        fail(error);
      });
      under.push(sent);
      if (under.length >= FRAMES_AHEAD) await under.shift();
    }
    await sent;
  };
  // A client that waits for a frame's answer before it sends the next one is told, too, that there is none.
  await Promise.race([takeAll(), failed]);
  response.end();
}

async function sendAfter(
  before: Promise<void>,
  coming: Promise<UpscaledPicture>,
  { response, signal }: Pick<FrameStream, "response" | "signal">,
): Promise<void> {
  await before;
  const made = await coming;
  if (!response.headersSent) {
    response.setHeader("Content-Type", "application/octet-stream");
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Upreel-Model", made.model);
    response.setHeader("X-Frame-Width", String(made.width));
    response.setHeader("X-Frame-Height", String(made.height));
    response.setHeader("X-Frame-Format", made.format);
  }
  if (!response.write(made.bytes)) await once(response, "drain", { signal });
}

/** The body in pieces of one frame. Throws `bad_request` where it ends within one. */
async function* cutFrames(request: Readable, frameBytes: number): AsyncGenerator<Buffer> {
  let frame = Buffer.allocUnsafe(frameBytes);
  let filled = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    for (let at = 0; at < chunk.length;) {
      const copied = chunk.copy(frame, filled, at);
      at += copied;
      filled += copied;
      if (filled < frameBytes) continue;
      yield frame;
      frame = Buffer.allocUnsafe(frameBytes);
      filled = 0;
    }
  }
  if (filled > 0)
    throw new UpreelError("bad_request", "the last frame is incomplete", {
      expected: `frames of ${frameBytes} bytes`,
      got: `${filled} bytes at the end`,
    });
}
