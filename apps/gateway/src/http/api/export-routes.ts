import { UpreelError, type ExportAnswer } from "@upreel/core";
import { Router } from "express";
import { z } from "zod";
import type { GatewayDeps } from "../deps.ts";

const formatSchema = z.enum(["mkv", "mp4"]);

/** Finished films as one file. */
export function exportRoutes({ streams, exporter, config }: GatewayDeps): Router {
  const router = Router();
  router.post("/streams/:id/export", async (request, response) => {
    const { id } = streams.status(request.params.id);
    const configured = config.exportFormat === "off" ? "mkv" : config.exportFormat;
    const format = formatSchema.safeParse(request.query["format"] ?? configured);
    if (!format.success) {
      throw new UpreelError("bad_request", "there is no such export format", {
        expected: "mkv or mp4",
        got: JSON.stringify(request.query["format"]),
      });
    }
    const { file, leftOut } = await exporter.exportNow(id, format.data);
    const answer: ExportAnswer = { status: "exported", id, file, left_out: [...leftOut] };
    response.json(answer);
  });
  return router;
}
