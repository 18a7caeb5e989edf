import { UpreelError, type FilmChoices } from "@upreel/core";
import { Router } from "express";
import { pathHere } from "../../jellyfin/locate-film.ts";
import type { GatewayDeps } from "../deps.ts";

/** How one film can be made, before it is begun. */
export function choiceRoutes({ files, roots, config, choicesOf }: GatewayDeps): Router {
  const router = Router();
  router.get("/choices", async (request, response) => {
    const { path } = request.query;
    if (typeof path !== "string" || path.trim() === "")
      throw new UpreelError("bad_request", "the request names no film", {
        expected: "?path=/films/film.mkv",
        got: path === undefined ? "no path" : JSON.stringify(path).slice(0, 100),
      });
    const file = await files.locate(pathHere(config, path), roots);
    const answer: FilmChoices = await choicesOf(file);
    response.setHeader("Cache-Control", "no-store");
    response.json(answer);
  });
  return router;
}
