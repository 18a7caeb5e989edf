import { UpreelError, type FilmChoices } from "@upreel/core";
import { ORIGINAL, PREVIEW_SCENES, type PreviewWish } from "@upreel/engine";
import { Router, type Request } from "express";
import { z } from "zod";
import { pathHere } from "../../jellyfin/locate-film.ts";
import type { GatewayDeps } from "../deps.ts";
import { waiting } from "../hls/playlist-wait.ts";
import { sendFile } from "../server/send-file.ts";
import { createPlanAhead } from "./plan-ahead.ts";

/** How one film can be made, before it is begun. */
export function choiceRoutes(deps: GatewayDeps): Router {
  const { files, roots, config, choicesOf } = deps;
  const router = Router();
  const planAhead = createPlanAhead(deps);
  router.post("/films/expect", (request, response) => {
    planAhead(pathHere(config, pathIn(request.query)));
    response.status(202).json({ status: "accepted" });
  });
  router.get("/choices", async (request, response) => {
    const file = await files.locate(pathHere(config, pathIn(request.query)), roots);
    const answer: FilmChoices = await choicesOf(file);
    response.setHeader("Cache-Control", "no-store");
    response.json(answer);
  });
  router.get("/preview", async (request, response) => {
    const wish = previewWish(request.query);
    const file = await files.locate(pathHere(config, pathIn(request.query)), roots);
    const path = await deps.preview(file, wish, waiting(deps, response).signal);
    response.setHeader("Cache-Control", "private, max-age=3600");
    response.type("image/png");
    await sendFile(response, { path });
  });
  return router;
}

const previewSchema = z.object({
  scene: z.coerce
    .number()
    .int()
    .min(0)
    .max(PREVIEW_SCENES - 1)
    .default(0),
  model: z.string().min(1).max(100).default(ORIGINAL),
});

function previewWish(query: Request["query"]): PreviewWish {
  const wish = previewSchema.safeParse(query);
  if (wish.success) return wish.data;
  const [issue] = wish.error.issues;
  throw new UpreelError("bad_request", `${issue?.path.join(".")} cannot be used`, {
    expected: `scene from 0 to ${PREVIEW_SCENES - 1}, and model: ${ORIGINAL} or an id of /models`,
    got: issue?.message,
  });
}

function pathIn({ path }: Request["query"]): string {
  if (typeof path === "string" && path.trim() !== "") return path;
  throw new UpreelError("bad_request", "the request names no film", {
    expected: "?path=/films/film.mkv",
    got: path === undefined ? "no path" : JSON.stringify(path).slice(0, 100),
  });
}
