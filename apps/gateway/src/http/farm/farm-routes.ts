import { workerLimitsChangeSchema, type FarmAnswer, type FarmJoin } from "@upreel/core";
import { json, Router } from "express";
import { z } from "zod";
import { UpreelError } from "@upreel/core";
import type { GatewayDeps } from "../deps.ts";
import { reachableUrls } from "../server/reachable-urls.ts";

const addSchema = z.object({ name: z.string() });
const WORK = { pause: "paused", resume: "yes", drain: "draining" } as const;

/** The machines of the farm, for those who run it. */
export function farmRoutes({ farm, config, streams }: GatewayDeps): Router {
  const router = Router();
  router.get("/farm", (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    const workers = farm.see().map(({ runs, ...worker }) => ({
      ...worker,
      runs: runs.map((run) => ({ ...run, title: streams.get(run.stream)?.title ?? run.stream })),
    }));
    response.json({ workers } satisfies FarmAnswer);
  });
  router.post("/farm/workers", json(), async (request, response) => {
    const body = addSchema.safeParse(request.body);
    if (!body.success) {
      throw new UpreelError("bad_request", "a worker needs a name", {
        expected: '{"name": "gaming-pc"}',
      });
    }
    const { name } = body.data;
    const key = await farm.add(name);
    const bases = reachableUrls(config, request.socket.localPort ?? config.port);
    const own = `${request.protocol}://${request.get("host") ?? `127.0.0.1:${config.port}`}`;
    const join = (bases.length > 0 ? [...bases] : [own]).map((base) => {
      const url = new URL(base);
      url.username = name;
      return url.href.replace(/\/+$/, "");
    });
    response.status(201).json({ name, key, join } satisfies FarmJoin);
  });
  router.delete("/farm/workers/:name", async (request, response) => {
    await farm.remove(request.params.name);
    response.status(204).end();
  });
  router.patch("/farm/workers/:name", json(), async (request, response) => {
    const change = workerLimitsChangeSchema.safeParse(request.body);
    if (!change.success) {
      const [issue] = change.error.issues;
      throw new UpreelError("bad_request", "these are not limits of a worker", {
        expected:
          '{"streams": 1 to 64, "hours": "22:00-07:00", "weight": 0.1 to 10, "megabits": 4 or more, "while_in_use": true or false}, null for no limit',
        got: issue === undefined ? undefined : `${issue.path.join(".")}: ${issue.message}`,
      });
    }
    await farm.setLimits(request.params.name, change.data);
    response.status(204).end();
  });
  for (const [path, work] of Object.entries(WORK)) {
    router.post(`/farm/workers/:name/${path}`, async (request, response) => {
      await farm.setWork(request.params.name, work);
      response.status(204).end();
    });
  }
  return router;
}
