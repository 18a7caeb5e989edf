import type { AddressesAnswer, Feature } from "@upreel/core";
import { Router } from "express";
import { heldUp } from "../../doctor/held-up.ts";
import type { GatewayDeps } from "../deps.ts";
import { viewsInTurns } from "../../waiting/in-turns.ts";
import { reachableUrls } from "../server/reachable-urls.ts";

/** What the machine is and can do. */
export function machineRoutes({ machine, doctor, config, streams }: GatewayDeps): Router {
  const router = Router();
  router.get("/doctor", async (request, response) => {
    response.setHeader("Cache-Control", "no-store");
    const findings = await doctor(request.query["again"] !== undefined);
    const views = await Array.fromAsync(viewsInTurns(streams));
    const films = views.map(({ title, encoder, stages }) => ({
      ...{ title, encoder, stage: stages?.heldUpBy },
    }));
    const slow = await heldUp(films, () => machine.hardwareEncoder());
    response.json({ findings: [...findings, ...slow] });
  });
  router.get("/hardware", async (_request, response) => {
    response.json(await machine.hardware());
  });
  router.get("/addresses", (request, response) => {
    // A machine changes networks.
    response.setHeader("Cache-Control", "no-store");
    const urls = reachableUrls(config, request.socket.localPort ?? config.port);
    response.json({ urls: [...urls] } satisfies AddressesAnswer);
  });
  router.get("/gpus", async (_request, response) => {
    response.json(await machine.gpus());
  });
  router.get("/features", async (_request, response) => {
    response.json({ features: [...(await machine.features()), tokenFeature(config.apiToken)] });
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

const tokenFeature = (token: string | undefined): Feature => ({
  ...{ feature: "token", is_available: token !== undefined },
  message:
    token === undefined
      ? "everybody who reaches Upreel may use it (no API_TOKEN)"
      : "an API token is needed",
});
