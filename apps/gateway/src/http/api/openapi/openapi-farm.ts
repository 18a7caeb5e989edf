import { answer, failure, json, operation, pathParameter, ref } from "./openapi-parts.ts";

const done = { 204: answer("Done"), default: failure };
const bytes = { "application/octet-stream": { schema: { type: "string", format: "binary" } } };
const byName = (summary: string) => ({
  ...{ summary, parameters: [pathParameter("name")], responses: done },
});
/** Of a worker, which carries `Authorization: Bearer NAME:KEY`. */
const forWorker = (summary: string, ...parameters: readonly string[]) => ({
  ...{ summary, parameters: parameters.map(pathParameter), security: [{ bearer: [] }] },
});

/** Paths about the other machines that make segments, and those that are for them. */
export const farmPaths = {
  "/farm": {
    get: operation(
      "The workers: what each is, does, and did",
      answer("The farm", json(ref("Farm"))),
    ),
  },
  "/farm/workers": {
    post: {
      summary: "Lets a machine join; its key is told only here",
      requestBody: {
        required: true,
        content: json({
          type: "object",
          properties: { name: { type: "string" } },
          required: ["name"],
        }),
      },
      responses: { 201: answer("How it joins", json(ref("FarmJoin"))), default: failure },
    },
  },
  "/farm/workers/{name}": {
    delete: byName("Takes its key away"),
    patch: {
      ...byName("Sets limits; null takes one away"),
      requestBody: { required: true, content: json(ref("WorkerLimits")) },
    },
  },
  "/farm/workers/{name}/pause": { post: byName("Gives it nothing more to do") },
  "/farm/workers/{name}/drain": { post: byName("The same, before it is switched off") },
  "/farm/workers/{name}/resume": { post: byName("Gives it something to do again") },
  "/farm/worker/source/{token}": {
    get: {
      ...forWorker("A film, as long as the worker that got this token works on it", "token"),
      responses: { 200: answer("All of it, or a range", bytes), default: failure },
    },
  },
  "/farm/worker/models/{hash}": {
    get: {
      ...forWorker("A network, with its sum in X-Content-Sha256", "hash"),
      responses: { 200: answer("The ONNX file", bytes), default: failure },
    },
  },
  "/farm/worker/runs/{run}/segments/{segment}": {
    put: {
      ...forWorker("A segment, with Content-Length and X-Content-Sha256", "run", "segment"),
      requestBody: { required: true, content: bytes },
      responses: done,
    },
  },
};
