import { availableParallelism } from "node:os";
import { UpreelError } from "@upreel/core";
import { Router, type Request } from "express";
import { z } from "zod";
import type { GatewayDeps } from "../http/deps.ts";
import { isForm, readForm } from "../http/server/read-form.ts";
import { VERSION } from "../version.ts";
import type { FrameService } from "./frame-service.ts";
import { providerName, sessionFacts } from "./provider-names.ts";
import { serviceMetrics } from "./service-metrics.ts";
import { notDone } from "../http/server/detail-errors.ts";

const configSchema = z.object({
  use_gpu: z.enum(["true", "false"]).optional(),
  max_concurrent: z.coerce.number().int().min(1).max(256).optional(),
  gpu_device_id: z.coerce.number().int().min(0).max(99).optional(),
});
const MIB = 2 ** 20;

/** What the service says of itself. */
export function aboutRoutes({ machine, models }: GatewayDeps, service: FrameService): Router {
  const router = Router();
  const config = { use_gpu: false, max_concurrent: availableParallelism() + 1, gpu_device_id: 0 };
  /** What this machine has, whatever the current model uses of it. */
  const hasGpuForModels = async (): Promise<boolean> =>
    (await machine.features()).some(
      ({ feature, is_available: isThere }) => feature === "gpu_networks" && isThere,
    );
  const working = async (): Promise<string[]> =>
    (await machine.gpus()).providers
      .filter(({ state }) => state === "works")
      .map(({ provider }) => providerName(provider));
  const session = async () => sessionFacts(await service.provider());

  router.get("/", (_request, response) => {
    response.json({ service: "Upreel", version: VERSION, status: "running" });
  });
  // 200 while it is alive, whatever else: anything else ends the plugin's queue.
  router.get(["/health", "/health/detailed"], (_request, response) => {
    const { consecutiveFailures } = service.counts;
    const status = consecutiveFailures >= 5 ? "degraded" : "healthy";
    response.json({ status, version: VERSION, consecutive_failures: consecutiveFailures });
  });
  router.get("/status", async (_request, response) => {
    const { id } = await service.current();
    response.json({
      ...{ status: "running", current_model: id, loaded_models: [id] },
      ...{ available_providers: await working(), using_gpu: (await session()).using_gpu },
      ...{ processing_count: service.underWay, max_concurrent: config.max_concurrent },
      input_frames: 1,
    });
  });
  router.get("/hardware", async (_request, response) => {
    response.json(await machine.hardware());
  });
  router.get("/gpus", async (_request, response) => {
    const { gpus } = await machine.gpus();
    response.json({
      gpus: gpus.map(({ device, vendor }, index) => ({
        ...{ index, name: `${vendor} ${device}`, memory_total_mb: 0 },
      })),
    });
  });
  router.get("/gpu-verify", async (_request, response) => {
    response.json(await session());
  });
  router.get("/recommend", async (_request, response) => {
    const { cpu } = await machine.hardware();
    const hasGpu = await hasGpuForModels();
    const tier = hasGpu ? "mid-gpu" : cpu.cores >= 8 ? "strong-cpu" : "weak-cpu";
    response.json({
      ...{ tier, recommended_model: hasGpu ? "realesrgan-x2" : "fsrcnn-x2", recommended_scale: 2 },
      ...{ reason: `${cpu.cores} cores${hasGpu ? " and a GPU that models run on" : ""}` },
      alternatives: ["span-x2"],
      hardware: {
        ...{ gpu: null, gpu_active: hasGpu, vram_mb: 0, cpu: cpu.model, cpu_cores: cpu.cores },
        providers: await working(),
      },
    });
  });
  router.get("/models/disk-usage", async (_request, response) => {
    const { usedBytes, quotaBytes } = await models.space();
    response.json({ total_mb: usedBytes / MIB, quota_mb: quotaBytes / MIB, models: [] });
  });
  router.get("/metrics", (_request, response) => {
    response.type("text/plain").send(serviceMetrics(service));
  });
  router.post("/config", async (request, response) => {
    const wanted = await readConfig(request);
    // Which device runs a model is Upreel's to know; how many frames come at a time is the plugin's.
    config.max_concurrent = wanted.max_concurrent ?? config.max_concurrent;
    response.json(config);
  });
  router.get("/features", async (_request, response) => {
    response.json({ features: await machine.features() });
  });
  router.get("/connections", (_request, response) => void response.json({ connections: [] }));
  router.post("/connections/register", (_request, response) => {
    response.json({ status: "ok" });
  });
  router.get("/interpolation/status", (_request, response) => {
    response.json({ available: false, model_loaded: false });
  });
  router.get("/auth/tokens", (_request, response) => {
    response.json({ tokens: [], bootstrap_env: true });
  });
  router.post("/auth/tokens", notDone("The token is set by AI_SERVICE_TOKEN in Upreel"));
  router.post(
    ["/detect-mask", "/interpolate-frames"],
    notDone("Upreel upscales whole pictures: masks and frames in between it does not make"),
  );
  return router;
}

async function readConfig(request: Request) {
  const fields = isForm(request) ? (await readForm(request, 64 * 1024)).fields : new Map();
  const parsed = configSchema.safeParse(Object.fromEntries(fields));
  if (parsed.success) return parsed.data;
  throw new UpreelError("bad_request", "the settings are not understood", {
    expected: "use_gpu=true or false, max_concurrent=1 to 256, gpu_device_id=0 to 99",
  });
}
