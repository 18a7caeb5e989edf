import { UpreelError } from "@upreel/core";
import { Router } from "express";
import { z } from "zod";
import type { GatewayDeps } from "../deps.ts";

/** Posters that fill a television's grid, backdrops that fill half of its width. */
const belowSchema = z.coerce.number().int().min(100).max(4_000).default(1_000);

/** Jellyfin's posters, backdrops and photos. */
export function pictureLibraryRoutes({
  libraryPictures: pictures,
}: Pick<GatewayDeps, "libraryPictures">): Router {
  const router = Router();
  router.get("/library/pictures", (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.json(pictures.state());
  });
  router.post("/library/pictures/start", (request, response) => {
    const below = belowSchema.safeParse(request.query["below"]);
    if (!below.success)
      throw new UpreelError("bad_request", "this is not the size of a picture", {
        expected: "below=100 to 4000: pixels of the longer side",
        got: JSON.stringify(request.query["below"])?.slice(0, 100),
      });
    pictures.start(below.data);
    response.status(202).json(pictures.state());
  });
  router.post("/library/pictures/undo", (_request, response) => {
    pictures.undo();
    response.status(202).json(pictures.state());
  });
  router.post("/library/pictures/stop", (_request, response) => {
    pictures.stop();
    response.status(202).json(pictures.state());
  });
  return router;
}
