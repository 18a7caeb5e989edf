import { UpreelError } from "@upreel/core";
import { Router } from "express";
import type { GatewayDeps } from "../deps.ts";
import { sendFile } from "../server/send-file.ts";
import { settledRecord } from "./settled-record.ts";

/** Fonts in a film, for pages that draw its subtitles. */
export function fontRoutes(deps: GatewayDeps): Router {
  const router = Router();
  router.get("/:id/fonts/:index", async (request, response) => {
    const { id, index } = request.params;
    if (!/^\d{1,6}$/.test(index))
      throw new UpreelError("not_found", "no such font", { expected: "a number of /tracks" });
    const record = await settledRecord(deps, id, response);
    const path = await deps.renditions.fonts.font(record, Number(index));
    response.setHeader("Cache-Control", "public, max-age=86400");
    // Nothing but a font: whatever a film calls one runs nowhere.
    response.type("application/octet-stream");
    await sendFile(response, { path });
  });
  return router;
}
