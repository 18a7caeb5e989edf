import { toUpreelError, UpreelError, type CompareAnswer } from "@upreel/core";
import { Router, type Request } from "express";
import { ORIGINAL } from "@upreel/engine";
import { allowAnyOrigin } from "../guard/any-origin.ts";
import type { GatewayDeps } from "../deps.ts";
import { plannedRecord } from "./planned-record.ts";
import { waiting } from "./playlist-wait.ts";
import { sendFile } from "../server/send-file.ts";
import { baseUrl } from "../server/urls.ts";

/** Stills of single frames by any model, and what each model costs. */
export function stillRoutes(deps: GatewayDeps): Router {
  const { stills } = deps.renditions;
  const router = Router();
  router.use(["/frame", "/compare"], allowAnyOrigin);

  router.get("/frame/:id", async (request, response) => {
    const frame = frameNumber(request);
    const model = request.query["model"] ?? ORIGINAL;
    if (typeof model !== "string")
      throw new UpreelError("bad_request", "one picture is by one model", {
        expected: "model=<id> once",
      });
    const record = await plannedRecord(deps, request.params.id, response);
    const path = await stills.still(record, frame, model, waiting(deps, response).signal);
    const { fps, inferenceMs } = await stills.cost(record, frame, model);
    if (typeof inferenceMs === "number")
      response.setHeader("Server-Timing", `inference;dur=${inferenceMs.toFixed(1)}`);
    if (fps !== undefined) response.setHeader("X-Upreel-Fps", fps.toFixed(1));
    response.setHeader("Cache-Control", "private, max-age=3600");
    response.type("image/png");
    await sendFile(response, { path });
  });

  router.get("/compare/:id", async (request, response) => {
    const { id } = request.params;
    const frame = frameNumber(request);
    const record = await plannedRecord(deps, id, response);
    const base = baseUrl(request, deps.config.publicUrl);
    const ready = (await deps.models.list()).filter(({ state }) => state === "ready");
    const original = { id: ORIGINAL, description: "the source, enlarged by bicubic scaling" };
    const pictures = await Promise.all(
      [original, ...ready].map(async ({ id: model, description }) => {
        const { cost, reason } = await stills.cost(record, frame, model).then(
          (known) => ({ cost: known, reason: null }),
          (thrown: unknown) => ({ cost: undefined, reason: toUpreelError(thrown).message }),
        );
        return {
          model,
          description,
          url: `${base}/frame/${id}?n=${frame}&model=${encodeURIComponent(model)}`,
          fps: cost?.fps ?? null,
          speed: cost?.speed ?? null,
          inference_ms: cost?.inferenceMs ?? null,
          reason,
        };
      }),
    );
    const { width, height } = record.output;
    const answer: CompareAnswer = { id, frame, width, height, pictures };
    response.setHeader("Cache-Control", "no-store");
    response.json(answer);
  });
  return router;
}

function frameNumber(request: Request): number {
  const text = request.query["n"];
  if (typeof text === "string" && /^\d{1,9}$/.test(text)) return Number(text);
  throw new UpreelError("bad_request", "the request does not say which frame", {
    expected: "n=<number of the frame, from 0>",
    got: typeof text === "string" ? text.slice(0, 100) : "no n",
  });
}
