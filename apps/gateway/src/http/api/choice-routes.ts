import { UpreelError, type FilmChoices } from "@upreel/core";
import { Router, type Request } from "express";
import { pathHere } from "../../jellyfin/locate-film.ts";
import type { GatewayDeps } from "../deps.ts";
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
  return router;
}

function pathIn({ path }: Request["query"]): string {
  if (typeof path === "string" && path.trim() !== "") return path;
  throw new UpreelError("bad_request", "the request names no film", {
    expected: "?path=/films/film.mkv",
    got: path === undefined ? "no path" : JSON.stringify(path).slice(0, 100),
  });
}
