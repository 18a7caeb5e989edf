import { FILM_SORTS, UpreelError, type FilmsAnswer } from "@upreel/core";
import { Router } from "express";
import { z } from "zod";
import type { GatewayDeps } from "../deps.ts";
import { FOR_EVER, sendFile } from "../server/send-file.ts";

const MOST_AT_ONCE = 100;

const text = z.string().max(1_000);
const querySchema = z.object({
  search: text.default(""),
  sort: z.enum(FILM_SORTS).default("title"),
  only: z.enum(["ready", "upscaling"]).optional(),
  folder: text.optional(),
  /** Ids of streams, separated by commas. */
  streams: text.optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(MOST_AT_ONCE).default(50),
});

/** Films as people look for them, and their pictures. */
export function filmRoutes({ shelf }: Pick<GatewayDeps, "shelf">): Router {
  const router = Router();
  router.get("/films", async (request, response) => {
    const query = querySchema.safeParse(request.query);
    if (!query.success) {
      const [issue] = query.error.issues;
      throw new UpreelError("bad_request", `${issue?.path.join(".")} cannot be used`, {
        expected: `search, sort (${FILM_SORTS.join(", ")}), only (ready, upscaling), folder, streams, offset, and limit up to ${MOST_AT_ONCE}`,
        got: issue?.message,
      });
    }
    const { streams, only, folder, ...wanted } = query.data;
    const answer: FilmsAnswer = await shelf.films({
      ...{ ...wanted, only, folder },
      streams: streams?.split(",").filter((id) => id !== ""),
    });
    response.setHeader("Cache-Control", "no-store");
    response.json(answer);
  });
  router.get("/films/after/:id", async (request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.json({ film: (await shelf.next(request.params.id)) ?? null });
  });
  // Like a stream's, its id cannot be guessed: pictures on a page bring no token.
  router.get("/poster/:id", async (request, response) => {
    const { id } = request.params;
    if (!/^[0-9a-f]{32}$/.test(id))
      throw new UpreelError("not_found", "there is no such poster", {
        expected: "a poster that /films names",
        got: id.slice(0, 100),
      });
    // Without a tag its URL is the same when the picture in Jellyfin is another one.
    const keeps = request.query["tag"] === undefined ? "no-cache" : FOR_EVER;
    response.type("image/jpeg").setHeader("Cache-Control", keeps);
    await sendFile(response, { path: shelf.posterPath(id) });
  });
  return router;
}
