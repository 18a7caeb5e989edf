import { UpreelError } from "@upreel/core";
import { json, Router, type Request } from "express";
import { z } from "zod";
import type { GatewayDeps } from "../deps.ts";

const bodySchema = z.union([
  z.object({
    viewer: z.string().min(1).max(200),
    seconds: z.number().nonnegative(),
    paused: z.boolean().default(false),
    plays: z.enum(["stream", "original"]).default("stream"),
  }),
  z.object({ viewer: z.string().min(1).max(200), left: z.literal(true) }),
]);

/** Where viewers truly are, as players tell it. Open by capability, like playing itself. */
export function playheadRoutes({ streams }: Pick<GatewayDeps, "streams">): Router {
  const router = Router();
  // A page that is being closed can only send text (sendBeacon).
  const body = json({ type: () => true, limit: "4kb" });
  router.post("/playhead/:id", body, (request, response) => {
    const { id } = request.params;
    const told = bodySchema.safeParse(request.body);
    if (!told.success)
      throw new UpreelError("bad_request", "the body does not say where the viewer is", {
        expected:
          '{"viewer": "…", "seconds": 12.5, "paused": false, "plays": "stream" | "original"} or {"viewer": "…", "left": true}',
        got: JSON.stringify(request.body ?? null).slice(0, 100),
      });
    const { viewer } = told.data;
    if ("left" in told.data) streams.viewerLeft(id, viewer);
    else {
      const { seconds, paused, plays } = told.data;
      streams.reportPlayhead(id, viewer, seconds, paused, plays);
    }
    response.status(204).end();
  });
  return router;
}

/** Tells viewers apart by their requests: a play session of Jellyfin's, else address and player. */
export const clientOf = (request: Request, url = request.originalUrl): string =>
  playSessionOf(url) ?? `${request.ip ?? "?"} ${request.get("user-agent") ?? ""}`;

/** The play session of Jellyfin's that a request names. */
export function playSessionOf(url: string): string | undefined {
  const query = new URL(url, "http://gateway").searchParams;
  return [...query].find(([name]) => name.toLowerCase() === "playsessionid")?.[1];
}
