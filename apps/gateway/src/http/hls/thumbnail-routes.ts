import { UpreelError } from "@upreel/core";
import { Router } from "express";
import type { GatewayDeps } from "../deps.ts";
import { plannedRecord } from "./planned-record.ts";
import { waiting } from "./playlist-wait.ts";
import { FOR_EVER, sendFile } from "../server/send-file.ts";
import { inTime } from "../../waiting/within.ts";

/** Small pictures of the film, for seek bars. */
export function thumbnailRoutes(deps: GatewayDeps): Router {
  const { thumbnails } = deps.renditions;
  const router = Router();

  router.get("/:id/thumbs.vtt", async (request, response) => {
    const record = await plannedRecord(deps, request.params.id, response);
    response.setHeader("Cache-Control", "no-cache");
    response.type("text/vtt").send(thumbnails.track(record));
  });

  router.get("/:id/thumbs/:name", async (request, response) => {
    const digits = /^(\d{4})\.jpg$/.exec(request.params.name)?.[1];
    if (digits === undefined)
      throw new UpreelError("not_found", "no such thumbnails", {
        expected: "a name from thumbs.vtt",
        got: request.params.name,
      });
    const record = await plannedRecord(deps, request.params.id, response);
    const made = thumbnails.sheet(record, Number(digits));
    const path = await inTime(made, waiting(deps, response), "the pictures are not there yet");
    response.type("image/jpeg").setHeader("Cache-Control", FOR_EVER);
    await sendFile(response, { path });
  });
  return router;
}
