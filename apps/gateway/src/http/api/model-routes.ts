import { rm } from "node:fs/promises";
import { UpreelError, type ModelEntry } from "@upreel/core";
import { LARGEST_MODEL_BYTES } from "@upreel/upscaler";
import { raw, Router, type Request } from "express";
import type { GatewayDeps } from "../deps.ts";
import { receiveModel } from "./receive-model.ts";
import { parseTriggerBody } from "./trigger-body.ts";

const BODY_LIMIT_BYTES = 64 * 1024;

/** Which models there are; import, download, delete, and keep one loaded. */
export function modelRoutes(deps: GatewayDeps): Router {
  const { models, config, faces } = deps;
  const router = Router();
  const shortBody = raw({
    type: (request) => !isForm(request.headers["content-type"]),
    limit: BODY_LIMIT_BYTES,
  });

  router.get("/models", async (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    const { usedBytes, quotaBytes } = await models.space();
    response.json({
      models: await models.list(),
      faces: { available: await faces.areHere(), strength: config.faces.strength },
      space: { used_bytes: usedBytes, quota_bytes: quotaBytes },
    });
  });
  router.get("/models/:id", async (request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.json(await models.get(request.params.id));
  });
  router.post("/models/:id/download", async (request, response) => {
    const model = await models.download(request.params.id);
    response.status(model.state === "available" ? 202 : 200).json(model);
  });
  router.post("/models/:id/load", async (request, response) => {
    response.json(await models.load(request.params.id));
  });
  router.post("/models/:id/unload", async (request, response) => {
    response.json(await models.unload(request.params.id));
  });
  router.post("/models/import", shortBody, async (request, response) => {
    const model = isForm(request.get("content-type"))
      ? await importUpload(request)
      : await importPath(request);
    response.status(201).json(model);
  });
  router.delete("/models/:id", async (request, response) => {
    await models.remove(request.params.id);
    response.json({ status: "removed", id: request.params.id });
  });

  async function importUpload(request: Request): Promise<ModelEntry> {
    const incoming = await models.incomingFile();
    try {
      const { fileName } = await receiveModel(request, incoming, LARGEST_MODEL_BYTES);
      return await models.take(incoming, fileName);
    } finally {
      await rm(incoming, { force: true });
    }
  }

  async function importPath(request: Request): Promise<ModelEntry> {
    const body: unknown = request.body;
    const text = Buffer.isBuffer(body) ? body.toString("utf8") : "";
    const named = parseTriggerBody(text, request.get("content-type"));
    if (named.kind !== "film")
      throw new UpreelError("bad_request", "the body names no file", {
        expected: '{"path": "/models/model.onnx"}',
        got: named.kind === "item" ? `item id ${named.itemId}` : "an event of Jellyfin's",
      });
    const file = await deps.files.locate(named.path, [...deps.roots, config.modelsDir]);
    if (file.sizeBytes > LARGEST_MODEL_BYTES)
      throw new UpreelError("body_too_large", "The model file is too large", {
        expected: `at most ${LARGEST_MODEL_BYTES / 2 ** 20} MiB`,
        got: `${Math.ceil(file.sizeBytes / 2 ** 20)} MiB`,
      });
    return models.importFile(file.path);
  }
  return router;
}

const isForm = (contentType: string | undefined): boolean =>
  /^multipart\/form-data/i.test(contentType ?? "");
