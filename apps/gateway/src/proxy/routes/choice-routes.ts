import { UpreelError } from "@upreel/core";
import { json, Router } from "express";
import { z } from "zod";
import { orderModel } from "../../http/api/order-model.ts";
import type { ProxyDeps } from "../deps.ts";

const orderSchema = z.looseObject({ device_id: z.string().min(1).max(500) });

/**
 * By what the film that a device plays can be made, and is to be made from now on. Who knows a device's id, which is
 * unguessable, may choose while that device plays the film.
 */
export function choiceRoutes({
  streams,
  models,
  faces,
  playbacks,
  peers,
}: Pick<ProxyDeps, "streams" | "models" | "faces" | "playbacks" | "peers">): Router {
  const router = Router();

  router.get("/choices", async (request, response) => {
    const { deviceId } = request.query;
    if (typeof deviceId !== "string" || playbacks.latest(deviceId) === undefined)
      throw unknownPlayback();
    const own = (await models.list()).filter(
      ({ state, origin }) => state === "ready" && origin !== "built-in",
    );
    response.setHeader("Cache-Control", "no-store");
    response.json({
      models: own.map(({ id, name }) => ({ id, name })),
      faces_available: await faces.areHere(),
    });
  });

  router.post("/model", json({ type: () => true, limit: "4kb" }), async (request, response) => {
    const wish = orderSchema.safeParse(request.body);
    if (!wish.success)
      throw new UpreelError("bad_request", "the body names no device", {
        expected: '{"device_id": "…", "model": "best"}',
        got: String(JSON.stringify(request.body)).slice(0, 100),
      });
    const { device_id: viewer, ...order } = wish.data;
    const entry = playbacks.latest(viewer);
    const { streamId, madeAheadId } = entry?.playback ?? {};
    const id = streamId ?? madeAheadId;
    if (entry === undefined || entry.isOver || id === undefined) throw unknownPlayback();
    if (peers !== undefined && streams.get(id) === undefined) {
      // One that is made ahead may be another gateway's, which lets it go unless somebody watches it there.
      if (!(await peers.askFor(id))) throw watchedElsewhere(id);
      await streams.reach(id);
    }
    await orderModel({ streams, models }, id, order);
    response.status(204).end();
  });
  return router;
}

const watchedElsewhere = (id: string): UpreelError =>
  new UpreelError("stream_elsewhere", "somebody watches this film through another gateway", {
    expected: "to choose where it is watched, or later",
    got: id,
  });

export const unknownPlayback = (): UpreelError =>
  new UpreelError("not_found", "nothing is being made for this device", {
    expected: "deviceId of a client that plays through this port",
  });
