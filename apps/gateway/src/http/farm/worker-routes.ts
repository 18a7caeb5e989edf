import { createHash } from "node:crypto";
import { MOST_SEGMENT_BYTES, requireSameFile, UpreelError } from "@upreel/core";
import { sha256Of } from "@upreel/files";
import { Router, type Request } from "express";
import type { GatewayDeps } from "../deps.ts";
import { sendFile } from "../server/send-file.ts";
import { createLineBudget } from "./line-budget.ts";
import { sendPaced } from "./send-paced.ts";
import { workerOf } from "./worker-key.ts";

/** A worker sends one segment of each of its runs at a time. */
const MOST_AT_A_TIME_BYTES = 2 * MOST_SEGMENT_BYTES;

/** What workers of other machines fetch and send; each call carries the worker's key, or opens one film alone. */
export function workerRoutes(deps: Pick<GatewayDeps, "farm" | "files" | "modelFile">): Router {
  const { farm, files, modelFile } = deps;
  const router = Router();
  /** Bytes of segments in memory, by worker. */
  const receiving = new Map<string, number>();
  const line = createLineBudget();
  const pass = (way: string, worker: string, bytes: number): Promise<void> =>
    line.take(way, bytes, farm.limitsOf(worker).megabits);
  // What ffmpeg reads: a token is of one film, and good as long as its worker works on it.
  router.get("/source/:token", async (request, response) => {
    const opened = farm.sourceOf(request.params.token);
    if (opened === undefined) {
      throw new UpreelError("not_found", "this token is not valid for any film, or no longer");
    }
    const { worker, source } = opened;
    requireSameFile(source, await files.lookAgain(source));
    response.setHeader("Cache-Control", "no-store");
    response.type("application/octet-stream");
    // Also without a limit: one that is set meanwhile counts from the next piece on.
    await sendPaced(response, source.path, (bytes) => pass(`to ${worker}`, worker, bytes));
  });
  router.get("/models/:hash", async (request, response) => {
    workerOf(request, farm);
    const file = await modelFile(request.params.hash);
    response.setHeader("X-Content-Sha256", await sha256Of(file));
    response.type("application/octet-stream");
    await sendFile(response, { path: file });
  });
  router.put("/runs/:run/segments/:segment", async (request, response) => {
    const name = workerOf(request, farm);
    const segment = /^\d{1,9}$/.test(request.params.segment) ? Number(request.params.segment) : -1;
    // Before a byte is read.
    farm.requireRun(name, request.params.run, segment);
    const length = claimedLength(request);
    const others = receiving.get(name) ?? 0;
    if (others + length > MOST_AT_A_TIME_BYTES) {
      throw new UpreelError("queue_full", "too many segments are being sent at a time", {
        expected: `at most ${MOST_AT_A_TIME_BYTES} bytes`,
        got: `${others + length}`,
      });
    }
    receiving.set(name, others + length);
    try {
      const bytes = await readSegment(request, length, (count) =>
        pass(`from ${name}`, name, count),
      );
      await farm.accept(name, request.params.run, segment, bytes);
    } finally {
      receiving.set(name, (receiving.get(name) ?? 0) - length);
    }
    response.status(204).end();
  });
  return router;
}

/** What a segment comes with. Throws `bad_request` or `body_too_large`. */
function claimedLength(request: Request): number {
  const length = Number(request.get("content-length") ?? Number.NaN);
  const sum = request.get("x-content-sha256") ?? "";
  if (!Number.isInteger(length) || length <= 0 || !/^[0-9a-f]{64}$/.test(sum)) {
    throw new UpreelError("bad_request", "a segment must come with its length and its checksum", {
      expected: "Content-Length, and X-Content-Sha256 in 64 hexadecimal digits",
    });
  }
  if (length > MOST_SEGMENT_BYTES) {
    throw new UpreelError("body_too_large", "no segment is that large", {
      expected: `at most ${MOST_SEGMENT_BYTES} bytes`,
      got: `${length}`,
    });
  }
  return length;
}

/** All of a body that has the length and the sum which were said before. Throws `bad_request`. */
async function readSegment(
  request: Request,
  length: number,
  pass: (bytes: number) => Promise<void>,
): Promise<Buffer> {
  const wanted = request.get("x-content-sha256");
  const sum = createHash("sha256");
  // What has come is held once: pieces that are kept and joined are there twice.
  const all = Buffer.allocUnsafeSlow(length);
  let count = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    await pass(bytes.length);
    sum.update(bytes);
    count += bytes.copy(all, count);
  }
  const got = sum.digest("hex");
  if (got === wanted && count === length) return all;
  throw new UpreelError("bad_request", "a segment arrived damaged", {
    expected: `SHA-256 ${wanted}`,
    got,
  });
}
