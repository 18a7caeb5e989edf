import { answer, operation, done, events, page } from "./openapi-parts.ts";
import { schemas } from "./openapi-schemas.ts";
import { farmPaths } from "./openapi-farm.ts";
import { streamPaths } from "./openapi-streams.ts";
import { hlsPaths } from "./openapi-hls.ts";
import { libraryPaths } from "./openapi-library.ts";
import { filmPaths } from "./openapi-films.ts";
import { dashboardPaths } from "./openapi-dashboard.ts";
import { machinePaths } from "./openapi-machine.ts";
import { picturePaths } from "./openapi-pictures.ts";
import { scanPaths } from "./openapi-scans.ts";
import { modelPaths } from "./openapi-models.ts";
import { webhookPaths } from "./openapi-webhooks.ts";
import { VERSION } from "../../../version.ts";

/** The OpenAPI 3.1 description of the HTTP interface; its schemas are the ones that the code uses. */
export function openApiDocument() {
  return {
    openapi: "3.1.0",
    info: { title: "Upreel", version: VERSION, description: "Real-time upscaling gateway" },
    components: {
      schemas: schemas(),
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        header: { type: "apiKey", in: "header", name: "X-Api-Token" },
      },
    },
    paths: {
      ...streamPaths(),
      "/events": {
        get: {
          ...operation(
            "Status changes (and, without `id`, `current`: the ids of all streams, once they are told; downloads and benchmarks of models) as server-sent events",
            events,
          ),
          parameters: [{ name: "id", in: "query", required: false, schema: { type: "string" } }],
        },
      },
      ...hlsPaths,
      "/": { get: operation("The dashboard", page) },
      "/watch/{id}": { get: operation("A page that plays the stream", page, true) },
      "/watch/{id}/compare": {
        get: operation("A page that shows original and upscaled picture", page, true),
      },
      "/openapi.json": { get: operation("This document", done) },
      ...libraryPaths,
      "/health": { get: operation("Is the gateway up", done) },
      "/metrics": {
        get: operation(
          "Prometheus metrics",
          answer("Text", { "text/plain": { schema: { type: "string" } } }),
        ),
      },
      ...modelPaths,
      ...picturePaths,
      ...filmPaths,
      ...dashboardPaths,
      ...machinePaths,
      ...farmPaths,
      ...scanPaths,
      ...webhookPaths,
      "/logs/stream": { get: operation("The log as server-sent events", events) },
    },
    security: [{}, { bearer: [] }, { header: [] }],
  };
}
