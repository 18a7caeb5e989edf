import { UpreelError } from "@upreel/core";
import { Router } from "express";
import { orderModel } from "../../http/api/order-model.ts";
import type { ProxyDeps } from "../deps.ts";
import { deviceSchema, nothingMade, parseWish, unknownPlayback, wishBody } from "./device-wish.ts";

const orderSchema = deviceSchema.loose();

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

  router.post("/model", wishBody(), async (request, response) => {
    const { device_id: viewer, ...order } = parseWish(orderSchema, request.body, {
      problem: "the body names no device",
      expected: '{"device_id": "…", "model": "best"}',
    });
    const entry = playbacks.latest(viewer);
    const { streamId, madeAheadId } = entry?.playback ?? {};
    const id = streamId ?? madeAheadId;
    if (entry === undefined || entry.isOver || id === undefined) throw nothingMade();
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
