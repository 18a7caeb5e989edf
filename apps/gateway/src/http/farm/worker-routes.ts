import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { MOST_SEGMENT_BYTES, requireSameFile, UpreelError } from "@upreel/core";
import { Router, type Request } from "express";
import type { GatewayDeps } from "../deps.ts";
import { sendFile } from "../server/send-file.ts";
import { workerOf } from "./worker-key.ts";

/** What workers of other machines fetch and send; each call carries the worker's key, or opens one film alone. */
export function workerRoutes(deps: Pick<GatewayDeps, "farm" | "files" | "modelFile">): Router {
  const { farm, files, modelFile } = deps;
  const router = Router();
  // What ffmpeg reads: a token is of one film, and good as long as its worker works on it.
  router.get("/source/:token", async (request, response) => {
    const source = farm.sourceOf(request.params.token);
    if (source === undefined) {
      throw new UpreelError("not_found", "this token opens no film, or not any more");
    }
    requireSameFile(source, await files.lookAgain(source));
    response.setHeader("Cache-Control", "no-store");
    response.type("application/octet-stream");
    await sendFile(response, { path: source.path });
  });
  router.get("/models/:hash", async (request, response) => {
    workerOf(request, farm);
    const file = await modelFile(request.params.hash);
    const sum = createHash("sha256");
    await pipeline(createReadStream(file), sum);
    response.setHeader("X-Content-Sha256", sum.digest("hex"));
    response.type("application/octet-stream");
    await sendFile(response, { path: file });
  });
  router.put("/runs/:run/segments/:segment", async (request, response) => {
    const name = workerOf(request, farm);
    const segment = /^\d{1,9}$/.test(request.params.segment) ? Number(request.params.segment) : -1;
    // Before a byte is read.
    farm.requireRun(name, request.params.run, segment);
    const bytes = await readSegment(request);
    await farm.accept(name, request.params.run, segment, bytes);
    response.status(204).end();
  });
  return router;
}

/** All of a body whose length and sum were said before. Throws `bad_request` or `body_too_large`. */
async function readSegment(request: Request): Promise<Buffer> {
  const length = Number(request.get("content-length") ?? Number.NaN);
  const wanted = request.get("x-content-sha256") ?? "";
  if (!Number.isInteger(length) || length <= 0 || !/^[0-9a-f]{64}$/.test(wanted)) {
    throw new UpreelError("bad_request", "a segment comes with its length and its sum", {
      expected: "Content-Length, and X-Content-Sha256 in 64 hexadecimal digits",
    });
  }
  if (length > MOST_SEGMENT_BYTES) {
    throw new UpreelError("body_too_large", "no segment is that large", {
      expected: `at most ${MOST_SEGMENT_BYTES} bytes`,
      got: `${length}`,
    });
  }
  const sum = createHash("sha256");
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    sum.update(bytes);
    chunks.push(bytes);
  }
  const got = sum.digest("hex");
  if (got === wanted) return Buffer.concat(chunks);
  throw new UpreelError("bad_request", "a segment came over the line damaged", {
    expected: `SHA-256 ${wanted}`,
    got,
  });
}
