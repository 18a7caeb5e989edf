import { durationSeconds, UpreelError } from "@upreel/core";
import { configuredProfile } from "@upreel/engine";
import { json, Router, type RequestHandler } from "express";
import type { GatewayDeps } from "../http/deps.ts";
import { sendSegment } from "../http/hls/send-segment.ts";
import { pathHere } from "../jellyfin/locate-film.ts";
import { VERSION } from "../version.ts";
import type { BeamedFiles } from "./beamed-files.ts";
import { fileNames, jobPlaylist, PLAYLIST_NAME, segmentNamed } from "./job-playlist.ts";
import type { TranscodeJobs } from "./transcode-jobs.ts";
import { isOver } from "./transcode-job.ts";
import { readOrder } from "./transcode-order.ts";

/** A job has a kilobyte; those with raw arguments some more. */
const BODY_LIMIT_BYTES = 256 * 1024;

/** Jobs: given, looked at, cancelled, and fetched. */
export function jobRoutes(deps: GatewayDeps, jobs: TranscodeJobs, beamed: BeamedFiles): Router {
  const { config, files, roots } = deps;
  const router = Router();
  router.get("/health", async (_request, response) => {
    response.json({
      ...{ status: "healthy", version: VERSION, hw_accel: await accelerationOf(deps) },
      ...{ hw_decode: false, active_jobs: jobs.running, ffmpeg_available: true, tunnel_url: null },
    });
  });
  router.get("/probe", async (request, response) => {
    const { path } = request.query;
    if (typeof path !== "string" || path === "")
      throw new UpreelError("bad_request", "no film is named", {
        expected: "?path=/films/film.mkv",
      });
    const file = await files.locate(pathHere(config, path), roots);
    const { timeline } = await deps.plan(file, configuredProfile(config));
    response.json({ path, duration: durationSeconds(timeline) });
  });
  router.post("/transcode", json({ limit: BODY_LIMIT_BYTES }), (request, response) => {
    const order = readOrder(request.body, (jobId) => beamed.has(jobId));
    if (order.input.kind === "upload" && !order.input.isToCome && !beamed.has(order.input.name))
      throw new UpreelError("not_found", "no such upload is here", { got: order.input.name });
    jobs.submit(order);
    const { jobId: job_id } = order;
    // One that runs at once was queued, too.
    const isToCome = order.input.kind === "upload" && order.input.isToCome;
    response.json(
      isToCome
        ? { job_id, status: "pending", message: `waits for POST /beam/stream/${job_id}` }
        : { job_id, status: "queued", message: "the job is queued" },
    );
  });
  router.get("/jobs", (_request, response) => {
    const all = jobs.list().map(({ job_id, status, progress, started_at }) => ({
      ...{ job_id, status, progress, started_at },
    }));
    response.json({ jobs: all, queue_size: jobs.waiting, active_jobs: jobs.running });
  });
  router.get("/status/:id", (request, response) => {
    response.json(jobs.answer(jobs.see(request.params.id)));
  });
  router.delete("/job/:id", (request, response) => {
    const { job_id, status } = jobs.cancel(request.params.id);
    response.json({ status, job_id });
  });
  router.get("/beam/segments/:id", (request, response) => {
    const { film } = jobs.see(request.params.id);
    response.json({ files: film === undefined ? [] : fileNames(film) });
  });
  router.get("/beam/segment/:id/:file", sendFileOf(jobs));
  router.get("/segments/:id/:file", sendFileOf(jobs));
  return router;
}

/** One of a closed list of names; nothing of them becomes a path. */
const sendFileOf =
  (jobs: TranscodeJobs): RequestHandler<{ id: string; file: string }> =>
  async (request, response) => {
    const job = jobs.see(request.params.id);
    const { film } = job;
    if (film !== undefined && film.next > film.from && request.params.file === PLAYLIST_NAME) {
      // What will not be made any more is not waited for.
      const isWhole = film.isWhole || isOver(job);
      response.type("application/vnd.apple.mpegurl");
      return void response.send(jobPlaylist({ ...film, isWhole }));
    }
    const segment = film && segmentNamed(film, request.params.file);
    if (film === undefined || segment === undefined)
      throw new UpreelError("not_found", "File not found");
    response.type("video/mp2t");
    await sendSegment(request, response, film.folder, segment);
  };

/** By these names callers choose among workers. */
async function accelerationOf({ machine }: GatewayDeps): Promise<string> {
  const encoder = await machine.hardwareEncoder().catch(() => undefined);
  return ["nvenc", "qsv", "vaapi"].find((name) => encoder?.includes(name) === true) ?? "none";
}
