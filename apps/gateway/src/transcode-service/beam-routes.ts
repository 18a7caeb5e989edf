import { UpreelError } from "@upreel/core";
import { Router } from "express";
import type { BeamedFiles } from "./beamed-files.ts";
import type { TranscodeJobs } from "./transcode-jobs.ts";
import { jobNameSchema } from "./transcode-order.ts";

/** Films that come as bytes. */
export function beamRoutes(jobs: TranscodeJobs, beamed: BeamedFiles): Router {
  const router = Router();
  router.put("/beam/upload/:id", async (request, response) => {
    const job_id = readName(request.params.id);
    const size = await beamed.take(job_id, request);
    response.json({ status: "uploaded", job_id, path: `${job_id}/input`, size });
  });
  router.put("/beam/stage/:id", async (request, response) => {
    const session_id = readName(request.params.id);
    const size = await beamed.take(session_id, request);
    response.json({ status: "staged", session_id, size });
  });
  router.delete("/beam/stage/:id", async (request, response) => {
    const session_id = readName(request.params.id);
    await jobs.dropUpload(session_id);
    response.json({ status: "removed", session_id });
  });
  router.post("/beam/stream/:id", async (request, response) => {
    const { id } = request.params;
    const job = jobs.see(id);
    if (job.state.status !== "pending")
      throw new UpreelError("bad_request", "this job is not waiting for an upload", {
        expected: "a job with beam_stream that is pending",
        got: job.state.status,
      });
    // Who sends asks nothing meanwhile.
    const stop = jobs.subscribe(job, () => undefined);
    try {
      const bytes_received = await beamed.take(id, request);
      jobs.uploaded(job);
      response.json({ status: "streaming", bytes_received });
    } catch (thrown) {
      // Then its bytes come by another call, or later.
      const isRefused = thrown instanceof UpreelError && thrown.code === "queue_full";
      if (!isRefused) jobs.uploaded(job, thrown);
      throw thrown;
    } finally {
      stop();
    }
  });
  return router;
}

function readName(text: string): string {
  const name = jobNameSchema.safeParse(text);
  if (name.success) return name.data;
  throw new UpreelError("bad_request", "this is not the name of a job", {
    expected: "letters, digits, - and _, at most 64",
    got: text.slice(0, 80),
  });
}
