import { Router } from "express";
import type { GatewayDeps } from "./deps.ts";

/** What the machine is and can do. */
export function machineRoutes({ machine, doctor }: GatewayDeps): Router {
  const router = Router();
  router.get("/doctor", async (request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.json({ findings: await doctor(request.query["again"] !== undefined) });
  });
  router.get("/hardware", async (_request, response) => {
    response.json(await machine.hardware());
  });
  router.get("/gpus", async (_request, response) => {
    response.json(await machine.gpus());
  });
  router.get("/features", async (_request, response) => {
    response.json({ features: await machine.features() });
  });
  router.get("/benchmark", (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.json(machine.benchmark());
  });
  router.post("/benchmark", (_request, response) => {
    response.status(202).json(machine.startBenchmark());
  });
  return router;
}
