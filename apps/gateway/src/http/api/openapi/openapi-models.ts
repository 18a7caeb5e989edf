import { answer, done, failure, json, operation, ref } from "./openapi-parts.ts";

const model = answer("The model", json(ref("Model")));

/** Paths of the models. */
export const modelPaths = {
  "/models": {
    get: operation(
      "All models: built-in, imported, public ones to download, those being tried out, and refused ones with the reason",
      answer(
        "The models",
        json({
          type: "object",
          properties: {
            models: { type: "array", items: ref("Model") },
            faces: {
              type: "object",
              description:
                "Whether networks that restore faces are here, and how much of a face is taken by default",
              properties: { available: { type: "boolean" }, strength: { type: "number" } },
            },
            space: {
              type: "object",
              properties: { used_bytes: { type: "integer" }, quota_bytes: { type: "integer" } },
            },
          },
        }),
      ),
    ),
  },
  "/models/import": {
    post: {
      summary: "Import an ONNX super-resolution model",
      requestBody: {
        required: true,
        description: "The file itself, or the path of one in MEDIA_ROOTS or MODELS_DIR",
        content: {
          "multipart/form-data": {
            schema: {
              type: "object",
              properties: { file: { type: "string", format: "binary" } },
            },
          },
          ...json({ type: "object", properties: { path: { type: "string" } } }),
        },
      },
      responses: {
        201: answer("The model; its `id` may be asked for", json(ref("Model"))),
        default: failure,
      },
    },
  },
  "/models/{id}": {
    get: operation("One model; of a public one also how far its download is", model, true),
    delete: operation("Delete an imported or downloaded model", done, true),
  },
  "/models/{id}/download": {
    post: {
      ...operation("Download a public model, or go on with a download that broke off", model, true),
      responses: {
        200: answer("It is here already", json(ref("Model"))),
        202: answer("It has begun: follow it here or at /events", json(ref("Model"))),
        default: failure,
      },
    },
  },
  "/models/{id}/load": {
    post: operation("Keep a model loaded, so that the next film starts with it", model, true),
  },
  "/models/{id}/unload": {
    post: operation("Go back to the model of the settings", model, true),
  },
};
