import { UpreelError } from "@upreel/core";
import { Router } from "express";
import type { GatewayDeps } from "../deps.ts";
import { waiting } from "../hls/playlist-wait.ts";
import { readBytes } from "../server/read-form.ts";
import { readImageQuery, readStreamQuery } from "./picture-query.ts";
import { upscaleFrames } from "./upscale-frames.ts";

/** A photo of 50 megapixels in JPEG is 20 MB. */
const IMAGE_BYTES = 64 * 2 ** 20;

/** Of `/upscale-stream` at a time: their frames and the plugin's have places in the queue, which would refuse one in mid-film. */
export const MOST_STREAMS = 16;

/** Pictures and raw frames of other programs, upscaled. */
export function pictureRoutes(deps: GatewayDeps): Router {
  const router = Router();
  router.post("/upscale-image", async (request, response) => {
    const { format, quality, ...wish } = readImageQuery(request.query, deps.config.faces.strength);
    const { signal } = waiting(deps, response);
    const bytes = await readBytes(request, IMAGE_BYTES);
    const made = await deps.pictures.image(
      { ...wish, bytes, input: { kind: "file" }, output: { kind: "file", format, quality } },
      signal,
    );
    response.setHeader("X-Upreel-Model", made.model);
    response.setHeader("X-Upreel-Size", `${made.width}x${made.height}`);
    if (made.faces !== undefined) response.setHeader("X-Face-Count", String(made.faces));
    response.setHeader("Cache-Control", "no-store");
    response.type(made.format).send(Buffer.from(made.bytes));
  });
  let streams = 0;
  router.post("/upscale-stream", async (request, response) => {
    const wish = readStreamQuery(request.query);
    if (streams >= MOST_STREAMS)
      throw new UpreelError("queue_full", "too many streams of frames are open already", {
        expected: `at most ${MOST_STREAMS}: end one, or try again later`,
      });
    const { signal } = waiting(deps, response);
    streams += 1;
    try {
      await upscaleFrames(deps.pictures, wish, { request, response, signal });
    } finally {
      streams -= 1;
    }
  });
  return router;
}
