import { json, Router } from "express";
import type { Peers } from "../../http/deps.ts";
import type { PlayedElsewhere } from "./played-elsewhere.ts";

/** Calls that are about what a device plays, in their query or their body. */
const ABOUT_DEVICES = ["/why", "/choice", "/ahead", "/choices", "/model", "/qualities", "/quality"];

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

/** Passes on what is asked of a device that another gateway's proxy looks after. */
export function devicesElsewhere(
  { isFromPeer, passPlayingOnTo }: Pick<Peers, "isFromPeer" | "passPlayingOnTo">,
  { streamOf }: Pick<PlayedElsewhere, "streamOf">,
): Router {
  const router = Router();
  const body = json({ type: () => true, limit: "4kb" });
  router.all(ABOUT_DEVICES, body, async (request, response, next) => {
    const { deviceId, playSessionId } = request.query;
    const viewer = textOf(deviceId) ?? textOf(Object(request.body).device_id);
    const id = isFromPeer(request)
      ? undefined
      : streamOf({ viewer, playSessionId: textOf(playSessionId) });
    const given =
      request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    if (id === undefined || !(await passPlayingOnTo(id, request, response, given))) next();
  });
  return router;
}
