import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { toUpreelError, UpreelError, type ModelDownload } from "@upreel/core";
import { LARGEST_MODEL_BYTES } from "@upreel/upscaler";
import { Router, type Request } from "express";
import { receiveModel } from "../http/api/receive-model.ts";
import type { GatewayDeps } from "../http/deps.ts";
import { isForm, readForm } from "../http/server/read-form.ts";
import { download, type FrameService } from "./frame-service.ts";
import { notDone } from "../http/server/detail-errors.ts";
import { sessionFacts } from "./provider-names.ts";
import { findModel, listModels } from "./service-models.ts";

const FORM_BYTES = 64 * 1024;
/** Downloads that somebody may still ask about. */
const MOST_JOBS = 100;
const MIB = 2 ** 20;

/** Models by the plugin's names: list, download, load, bring, delete. */
export function loadRoutes({ models }: GatewayDeps, service: FrameService): Router {
  const router = Router();
  const jobs = new Map<string, string>();

  router.get("/models", async (_request, response) => {
    const rows = await listModels(models, (await service.current()).id);
    response.json({ models: rows, total: rows.length });
  });
  router.post(["/models/load", "/models/:id/load"], async (request, response) => {
    const { id } = await service.load(await modelName(request));
    response.json({
      ...{ status: "success", model: id, model_type: "onnx", gpu_device_id: 0 },
      ...sessionFacts(await service.provider()),
    });
  });
  router.post("/models/:id/unload", async (request, response) => {
    await findModel(models, request.params.id);
    // Networks that nobody uses are let go by themselves.
    response.json({ status: "success", model: request.params.id });
  });
  router.post(["/models/download", "/models/:id/download"], async (request, response) => {
    const model = await findModel(models, await modelName(request));
    await download(models, model);
    const bytes = model.by === model.id ? (await models.get(model.id)).size_bytes : 0;
    response.json({ status: "success", model: model.id, size_mb: Math.round(bytes / MIB) });
  });
  router.post("/models/download-async", async (request, response) => {
    const model = await findModel(models, await modelName(request));
    const isHere = model.by !== model.id || (await models.download(model.id)).state === "ready";
    if (isHere)
      return void response.json({ status: "completed", job_id: null, already_present: true });
    const job = randomUUID();
    jobs.set(job, model.id);
    for (const old of [...jobs.keys()].slice(0, -MOST_JOBS)) jobs.delete(old);
    response.json({ status: "queued", job_id: job, already_present: false });
  });
  router.get("/models/download-status/:job", async (request, response) => {
    const id = jobs.get(request.params.job);
    if (id === undefined) throw new UpreelError("not_found", "No such download");
    const { state, download: now } = await models.get(id);
    response.json(state === "ready" ? { status: "completed", progress: 100 } : progressOf(now));
  });
  router.post("/models/upload", async (request, response) => {
    const incoming = await models.incomingFile();
    try {
      const { fields } = await receiveModel(request, incoming, LARGEST_MODEL_BYTES);
      const name = /^[\w-]{1,64}$/.exec(fields.get("model_name") ?? "")?.[0];
      if (name === undefined)
        throw new UpreelError("bad_request", "The model has no name", {
          expected: "model_name of letters, digits, - and _",
        });
      const { id, scale, size_bytes: bytes } = await models.take(incoming, `${name}.onnx`);
      response.json({
        ...{ status: "ok", model_name: id, scale, input_channels: 3, output_channels: 3 },
        ...{ file_size_mb: Math.round((bytes / MIB) * 100) / 100, path: `${id}.onnx` },
      });
    } finally {
      await rm(incoming, { force: true });
    }
  });
  router.delete("/models/upload/:id", async (request, response) => {
    const { id } = request.params;
    const { origin } = await models.get(id);
    if (origin === "built-in")
      throw new UpreelError("site_refused", `${id} is a built-in model and cannot be deleted`);
    await models.remove(id);
    response.json({ status: "ok", model_name: id });
  });
  const noConverter = notDone("Upreel takes ONNX files: convert the weights first");
  router.post(["/models/convert-upload", "/models/convert-from-catalog"], noConverter);
  router.post("/models/load-detector", notDone("Upreel detects no objects"));
  router.post("/models/cleanup", async (_request, response) => {
    // What nobody used is not deleted for anybody: upreel models remove does.
    const kept = (await listModels(models, "")).map(({ id }) => id);
    response.json({ dry_run: true, to_delete: [], kept, freed_mb: 0, deleted_count: 0 });
  });
  return router;
}

/** In the path, or in a form of either encoding. */
async function modelName(request: Request): Promise<string> {
  const { id } = request.params;
  if (typeof id === "string") return id;
  const fields = isForm(request) ? (await readForm(request, FORM_BYTES)).fields : undefined;
  const name = fields?.get("model_name");
  if (name !== undefined && name !== "") return name;
  throw new UpreelError("bad_request", "No model is named", { expected: "the field model_name" });
}

/** A download as the plugin polls it. */
function progressOf(now: ModelDownload | null) {
  if (now === null)
    return { status: "failed", error: "the download was interrupted; start it again" };
  const { state, bytes, total, reason } = now;
  if (reason !== null) return { status: "failed", error: toUpreelError(reason).message };
  const share = total === 0 ? 0 : bytes / total;
  return {
    status: state === "downloading" || state === "checking" ? "downloading" : "failed",
    progress: Math.min(99, Math.floor(100 * share)),
    total_mb: Math.round(total / MIB),
    downloaded_mb: Math.round(bytes / MIB),
  };
}
