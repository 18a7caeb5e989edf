import type { AddressInfo } from "node:net";
import { availableParallelism } from "node:os";
import { rungSchema, UpreelError, type PictureEvent } from "@upreel/core";
import { servePictures } from "@upreel/pipeline";
import express from "express";
import { readBytes } from "../../apps/gateway/src/http/server/read-form.ts";

/**
 * `warm-service.ts <rung as JSON>`: a service as the upscaler plugin brings one. One process keeps the network loaded, and all cores
 * infer one frame together; each `POST /upscale-frame` has one JPEG in a form. Tells whoever started it its port.
 */
const rung = rungSchema.parse(JSON.parse(process.argv[2] ?? ""));
const FRAME_BYTES = 50 * 2 ** 20;

const waiting = new Map<number, PromiseWithResolvers<PictureEvent>>();
const pictures = servePictures({
  threads: availableParallelism(),
  tell: (event) => waiting.get(event.id)?.resolve(event),
});
let last = 0;

const app = express();
app.post("/upscale-frame", async (request, response) => {
  const bytes = await readBytes(request, FRAME_BYTES);
  const id = (last += 1);
  const answer = Promise.withResolvers<PictureEvent>();
  waiting.set(id, answer);
  pictures.take({
    ...{ type: "upscale", id, rung, bytes },
    wish: {
      ...{ input: { kind: "file" }, size: { scale: rung.model.scale }, mostPixels: 2 ** 25 },
      output: { kind: "file", format: "jpeg", quality: 88 },
    },
  });
  const event = await answer.promise;
  waiting.delete(id);
  if (event.type === "refused") throw new UpreelError("internal", event.reason.message);
  response.type("image/jpeg").send(Buffer.from(event.picture.bytes));
});
process.on("disconnect", () => process.exit());
const server = app.listen(0, "127.0.0.1", () => {
  process.send?.((server.address() as AddressInfo).port);
});
