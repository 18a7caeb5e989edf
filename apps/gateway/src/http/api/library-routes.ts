import type { LibraryAnswer } from "@upreel/core";
import { Router } from "express";
import type { GatewayDeps } from "../deps.ts";
import { streamBody } from "./stream-body.ts";

/** What is upscaled ahead of time: the plan, and starting it by hand. */
export function libraryRoutes({
  jellyfin,
  config,
}: Pick<GatewayDeps, "jellyfin" | "config">): Router {
  const router = Router();
  const { library } = jellyfin;

  async function answer(): Promise<LibraryAnswer> {
    const { films, skipped } = await library.plan();
    const { current, begun, ...state } = library.state();
    const tonight = Math.max(0, config.library.itemsPerNight - begun);
    const estimates = films.slice(0, tonight).map(({ estimatedSeconds }) => estimatedSeconds);
    return {
      ...state,
      begun_tonight: begun,
      current: current === undefined ? null : streamBody(current),
      estimated_seconds_tonight: estimates.every((one) => one !== undefined)
        ? estimates.reduce((sum, one) => sum + one, 0)
        : null,
      films: films.map((film, n) => ({
        item_id: film.itemId,
        title: film.title,
        path: film.path,
        why: film.why,
        height: film.height ?? null,
        duration_seconds: film.durationSeconds,
        ratio: film.ratio,
        estimated_seconds: film.estimatedSeconds ?? null,
        tonight: n < tonight,
      })),
      skipped: [...skipped],
    };
  }

  router.get("/library/plan", async (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.json(await answer());
  });
  router.post("/library/start", async (_request, response) => {
    const plan = await answer();
    library.start();
    response.status(202).json(plan);
  });
  router.post("/library/stop", async (_request, response) => {
    library.stop();
    response.status(202).json(await answer());
  });
  return router;
}
