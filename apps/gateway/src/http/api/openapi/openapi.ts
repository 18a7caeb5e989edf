import {
  acceptedAnswerSchema,
  addressesAnswerSchema,
  compareAnswerSchema,
  errorAnswerSchema,
  exportAnswerSchema,
  libraryAnswerSchema,
  lookupStatusSchema,
  benchmarkSchema,
  doctorAnswerSchema,
  featureSchema,
  filmChoicesSchema,
  filmsAnswerSchema,
  folderListingSchema,
  settingsAnswerSchema,
  gpuReportSchema,
  hardwareSchema,
  modelEntrySchema,
  streamStatusSchema,
  tracksAnswerSchema,
  triggerAnswerSchema,
} from "@upreel/core";
import { z } from "zod";
import {
  json,
  ref,
  answer,
  failure,
  idParameter,
  operation,
  queryParameter,
  status,
  statusOrLookup,
  done,
  events,
  page,
  playlist,
  transportStream,
} from "./openapi-parts.ts";
import { libraryPaths } from "./openapi-library.ts";
import { filmPaths } from "./openapi-films.ts";
import { dashboardPaths } from "./openapi-dashboard.ts";
import { machinePaths } from "./openapi-machine.ts";
import { modelPaths } from "./openapi-models.ts";
import { VERSION } from "../../../version.ts";
import { triggerBody } from "./openapi-trigger.ts";
import { renditionPaths } from "./openapi-renditions.ts";

/** The OpenAPI 3.1 description of the HTTP interface; its schemas are the ones that the code uses. */
export function openApiDocument() {
  const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { target: "draft-2020-12" });
  return {
    openapi: "3.1.0",
    info: { title: "Upreel", version: VERSION, description: "Real-time upscaling gateway" },
    components: {
      schemas: {
        StreamStatus: schemaOf(streamStatusSchema),
        LibraryPlan: schemaOf(libraryAnswerSchema),
        LookupStatus: schemaOf(lookupStatusSchema),
        AcceptedAnswer: schemaOf(acceptedAnswerSchema),
        TriggerAnswer: schemaOf(triggerAnswerSchema),
        ExportedFilm: schemaOf(exportAnswerSchema),
        Model: schemaOf(modelEntrySchema),
        Addresses: schemaOf(addressesAnswerSchema),
        Hardware: schemaOf(hardwareSchema),
        GpuReport: schemaOf(gpuReportSchema),
        Feature: schemaOf(featureSchema),
        DoctorAnswer: schemaOf(doctorAnswerSchema),
        Films: schemaOf(filmsAnswerSchema),
        FilmChoices: schemaOf(filmChoicesSchema),
        FolderListing: schemaOf(folderListingSchema),
        SettingsAnswer: schemaOf(settingsAnswerSchema),
        Benchmark: schemaOf(benchmarkSchema),
        Compare: schemaOf(compareAnswerSchema),
        Tracks: schemaOf(tracksAnswerSchema),
        Error: schemaOf(errorAnswerSchema),
      },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        header: { type: "apiKey", in: "header", name: "X-Api-Token" },
      },
    },
    paths: {
      "/upscale-trigger": {
        post: {
          summary: "Start the upscale of a film, or say where it already is",
          requestBody: triggerBody(),
          responses: {
            200: answer(
              "It is running (`streaming`) or finished (`exists`)",
              json(ref("TriggerAnswer")),
            ),
            202: answer(
              "It has begun (`started`), waits (`queued`), or its file is looked up (`accepted`)",
              json({ oneOf: [ref("TriggerAnswer"), ref("AcceptedAnswer")] }),
            ),
            default: failure,
          },
        },
      },
      "/status/{id}": { get: operation("Status of a stream", statusOrLookup, true) },
      "/progress/{id}": { get: operation("The same as /status/{id}", statusOrLookup, true) },
      "/playhead/{id}": {
        post: {
          summary: "Where a viewer is (seconds of the film), or that it left",
          parameters: [idParameter],
          requestBody: {
            required: true,
            content: json({
              type: "object",
              required: ["viewer"],
              properties: {
                viewer: { type: "string" },
                seconds: { type: "number" },
                paused: { type: "boolean" },
                left: { type: "boolean" },
              },
            }),
          },
          responses: { 204: answer("Noted"), default: failure },
        },
      },
      "/streams": {
        get: operation(
          "All streams",
          answer(
            "The streams",
            json({
              type: "object",
              properties: { streams: { type: "array", items: ref("StreamStatus") } },
            }),
          ),
        ),
      },
      "/streams/{id}": { delete: operation("Cancel a stream and delete all of it", done, true) },
      "/streams/{id}/pause": { post: operation("Pause", status, true) },
      "/streams/{id}/pin": { post: operation("Never delete it to make room", status, true) },
      "/streams/{id}/unpin": { post: operation("It may be deleted to make room", status, true) },
      "/streams/{id}/resume": {
        post: {
          ...operation("Go on with it, or start it again", status, true),
          parameters: [
            idParameter,
            {
              ...queryParameter(
                "for",
                "`playing`: answered with 409 `cannot_hold` where no network makes it fast enough; `later`: behind all other work; default: in any case",
              ),
              schema: { enum: ["playing", "later"] },
            },
          ],
        },
      },
      "/streams/{id}/export": {
        post: {
          ...operation(
            "Write a finished film into one file with all tracks of its source",
            answer("The file, and which tracks it lacks", json(ref("ExportedFilm"))),
          ),
          parameters: [
            idParameter,
            { name: "format", in: "query", required: false, schema: { enum: ["mkv", "mp4"] } },
          ],
        },
      },
      "/streams/{id}/cancel": { post: operation("End all processes of the stream", status, true) },
      "/events": {
        get: {
          ...operation(
            "Status changes (and, without `id`, `current`: the ids of all streams, once they are told; downloads and benchmarks of models) as server-sent events",
            events,
          ),
          parameters: [{ name: "id", in: "query", required: false, schema: { type: "string" } }],
        },
      },
      "/hls/{id}/live.m3u8": {
        get: operation("Rolling playlist from the trigger on", playlist, true),
      },
      "/hls/{id}/stream.m3u8": { get: operation("The whole timeline", playlist, true) },
      ...renditionPaths,
      "/hls/{id}/segments/{name}": {
        get: {
          ...operation("A segment; waits while it is being made", transportStream),
          parameters: [
            idParameter,
            {
              name: "name",
              in: "path",
              required: true,
              schema: { type: "string", pattern: "^\\d{6}\\.ts$" },
            },
          ],
        },
      },
      "/hls/{id}/archive.ts": { get: operation("The finished film", transportStream, true) },
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
      ...filmPaths,
      ...dashboardPaths,
      ...machinePaths,
      "/logs/stream": { get: operation("The log as server-sent events", events) },
    },
    security: [{}, { bearer: [] }, { header: [] }],
  };
}
