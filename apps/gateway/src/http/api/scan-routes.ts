import { pluginChangeSchema, UpreelError, type FilmSegments } from "@upreel/core";
import { json, Router } from "express";
import { z } from "zod";
import { pathHere } from "../../jellyfin/locate-film.ts";
import type { GatewayDeps } from "../deps.ts";

const wantedSchema = z.object({ path: z.string().min(1).max(4_096) });

/** What plugins look at, and what they found. */
export function scanRoutes({
  scans,
  records,
  config,
  files,
  roots,
}: Pick<GatewayDeps, "scans" | "records" | "config" | "files" | "roots">): Router {
  const router = Router();
  router.get("/scans", async (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.json(await scans.status());
  });
  router.post("/scans", json({ limit: "16kb", type: () => true }), async (request, response) => {
    const wanted = wantedSchema.safeParse(request.body);
    if (!wanted.success)
      throw new UpreelError("bad_request", "a scan needs the path of a film", {
        expected: '{"path": "/films/film.mkv"}',
      });
    const { path } = await files.locate(pathHere(config, wanted.data.path), roots);
    scans.want(path, { isAsked: true });
    response.status(202).json(await scans.status());
  });
  router.put(
    "/plugins/:id",
    json({ limit: "16kb", type: () => true }),
    async (request, response) => {
      const wanted = pluginChangeSchema.safeParse(request.body);
      if (!wanted.success)
        throw new UpreelError("bad_request", "this cannot be set for a plugin", {
          expected:
            '{"is_enabled": false}, for the films of one folder with "library": "/films/kids"',
          got: z.prettifyError(wanted.error),
        });
      const { is_enabled: isEnabled, library } = wanted.data;
      await scans.setEnabled(request.params.id, isEnabled, library);
      response.setHeader("Cache-Control", "no-store");
      response.json(await scans.status());
    },
  );
  router.get("/plugins/:id/logs", async (request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.json(await scans.logs(request.params.id));
  });
  router.get("/segments/:id", async (request, response) => {
    const { id } = request.params;
    const record = await records.read(id);
    if (record === undefined)
      throw new UpreelError("stream_not_found", `there is no stream ${id.slice(0, 100)}`);
    const chapters = await scans.chapters(record.file);
    const answer: FilmSegments = {
      segments: chapters.map(({ role, startSeconds, endSeconds }) => ({
        ...{ type: role, start_seconds: startSeconds, end_seconds: endSeconds },
      })),
    };
    response.setHeader("Cache-Control", "no-store");
    response.json(answer);
  });
  return router;
}
