import { UpreelError } from "@upreel/core";
import type { UpscaledPicture } from "@upreel/engine";
import { Router, type Request, type Response } from "express";
import { z } from "zod";
import { isForm, readBytes, readForm } from "../http/server/read-form.ts";
import { timeFrames } from "./time-frames.ts";
import type { FrameService } from "./frame-service.ts";
import { notDone } from "../http/server/detail-errors.ts";

/** Of a frame, as the plugin's own limit is. */
const FRAME_BYTES = 50 * 2 ** 20;

const sizeSchema = z.object({
  width: z.coerce.number().int().min(64).max(7_680).default(640),
  height: z.coerce.number().int().min(64).max(4_320).default(360),
});

/** Frames in, larger frames out: never refused for being many, and never in another size. */
export function frameRoutes(service: FrameService): Router {
  const router = Router();

  router.post("/upscale", async (request, response) => {
    refuseLarge(request);
    const wish = { format: "png", signal: untilGone(response) } as const;
    send(response, await service.upscale(() => readBytes(request, FRAME_BYTES), wish));
  });
  router.post("/upscale-frame", async (request, response) => {
    refuseLarge(request);
    // Its content type says whatever the way here made of it.
    const wish = { format: "jpeg", signal: untilGone(response) } as const;
    send(response, await service.upscale(() => readBytes(request, FRAME_BYTES), wish));
  });
  router.post("/upscale-video-chunk", async (request, response) => {
    refuseLarge(request);
    const wish = { format: "png", signal: untilGone(response) } as const;
    send(response, await service.upscale(() => readCentre(request), wish));
  });
  router.post(
    "/upscale-hdr",
    notDone("Upreel's networks take 8 bits a channel: HDR frames are left as they are"),
  );
  router.get("/benchmark", async (_request, response) => {
    response.json(await timeFrames(service, { width: 640, height: 360 }, untilGone(response)));
  });
  router.get("/benchmark-frame", async (request, response) => {
    const size = sizeSchema.safeParse(request.query);
    if (!size.success)
      throw new UpreelError("bad_request", "the size of the frame is not understood", {
        expected: "width=64 to 7680 and height=64 to 4320",
      });
    response.json(await timeFrames(service, size.data, untilGone(response)));
  });
  return router;
}

/** Before it is read: whoever sends so much learns it at once. */
function refuseLarge(request: Request): void {
  if (Number(request.get("content-length") ?? 0) <= FRAME_BYTES + 64 * 1024) return;
  throw new UpreelError("body_too_large", "the frame is too large", {
    expected: `at most ${FRAME_BYTES / 2 ** 20} MiB`,
  });
}

/** Frames around one that is wanted: Upreel's networks look at that one alone. */
async function readCentre(request: Request): Promise<Buffer> {
  if (!isForm(request))
    throw new UpreelError("bad_request", "Missing frame_0", { expected: "a form of frames" });
  const { files } = await readForm(request, FRAME_BYTES);
  const frames = Array.from({ length: Math.max(1, files.size) }, (_, k) => {
    const frame = files.get(`frame_${k}`);
    if (frame !== undefined) return frame;
    throw new UpreelError("bad_request", `Missing frame_${k}`);
  });
  return frames[Math.floor(frames.length / 2)] as Buffer;
}

function untilGone(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return gone.signal;
}

function send(response: Response, { bytes, format, model, width, height }: UpscaledPicture): void {
  response.setHeader("X-Upreel-Model", model);
  response.setHeader("X-Upreel-Size", `${width}x${height}`);
  response.type(`image/${format}`).send(Buffer.from(bytes));
}
