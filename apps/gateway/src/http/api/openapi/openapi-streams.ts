import {
  answer,
  done,
  failure,
  idParameter,
  json,
  operation,
  queryParameter,
  ref,
  status,
  statusOrLookup,
} from "./openapi-parts.ts";
import { triggerBody } from "./openapi-trigger.ts";

/** Trigger, state and control of streams. */
export const streamPaths = () => ({
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
      requestBody: playheadBody(),
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
  "/streams/{id}/model": {
    post: {
      ...operation(
        "By which model the film is made from the next segment on, for all who watch it; what is made stays",
        status,
        true,
      ),
      requestBody: modelOrderBody(),
    },
  },
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
});

const playheadBody = () => ({
  required: true,
  content: json({
    type: "object",
    required: ["viewer"],
    properties: {
      viewer: { type: "string" },
      seconds: { type: "number" },
      paused: { type: "boolean" },
      plays: {
        type: "string",
        enum: ["stream", "original"],
        description:
          "`original`: the viewer sees the original meanwhile and does not wait, so the stream may be made further ahead",
      },
      left: { type: "boolean" },
    },
  }),
});

const modelOrderBody = () => ({
  required: true,
  content: json({
    type: "object",
    properties: {
      model: { type: "string", description: "As of a trigger: `auto`, a grade, or a model" },
      sharpness: {
        type: ["number", "null"],
        minimum: 0,
        maximum: 1,
        description: "0 (faithful) to 1 (crisp); null: as SHARPNESS says",
      },
      faces: {
        type: ["number", "null"],
        minimum: 0,
        maximum: 1,
        description: "How much of a restored face is taken; null: they are not restored",
      },
    },
  }),
});
