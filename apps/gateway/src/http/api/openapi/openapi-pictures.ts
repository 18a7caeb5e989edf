import { FRAME_FORMATS, PICTURE_FORMATS } from "@upreel/core";
import { answer, failure } from "./openapi-parts.ts";

const binary = { schema: { type: "string", format: "binary" } };
const parameter = (name: string, description: string, schema: object, required = false) => ({
  ...{ name, in: "query", required, description, schema },
});
const header = (description: string, type: "string" | "integer") => ({
  ...{ description, schema: { type } },
});
const model = parameter(
  "model",
  "fastest, fast, balanced or best, or the id of a model (GET /models)",
  { type: "string" },
);
const modelHeader = header("The network", "string");
const side = { type: "integer", minimum: 1, maximum: 32_768 };
const scale = { type: "number", minimum: 1, maximum: 8, default: 2 };

/** Paths for pictures and frames of other programs. */
export const picturePaths = {
  "/upscale-image": {
    post: {
      summary:
        "One picture, upscaled: JPEG, PNG, WebP, GIF or TIFF as the body or as the file of a form; upright, with its alpha and its colour profile; 8K at most",
      parameters: [
        parameter("scale", "How many times wider and higher; or `width` and `height`", scale),
        parameter("width", "Exactly so many pixels wide", side),
        parameter("height", "Exactly so many pixels high", side),
        parameter("format", "Of the result; `same` is PNG where the input's cannot be written", {
          enum: [...PICTURE_FORMATS, "same"],
          default: "same",
        }),
        parameter("quality", "Of JPEG and WebP", {
          ...{ type: "integer", minimum: 1, maximum: 100, default: 90 },
        }),
        model,
        parameter("faces", "Whether faces are restored, for which models are needed", {
          ...{ enum: ["on", "off"], default: "off" },
        }),
        parameter("face_strength", "How much of a restored face is taken", {
          ...{ type: "number", minimum: 0, maximum: 1, default: 0.7 },
        }),
      ],
      requestBody: {
        required: true,
        content: {
          "image/*": binary,
          "application/octet-stream": binary,
          "multipart/form-data": {
            schema: { type: "object", properties: { file: { type: "string", format: "binary" } } },
          },
        },
      },
      responses: {
        200: {
          ...answer("The picture", { "image/*": binary }),
          headers: {
            "X-Upreel-Size": header("`1280x720`", "string"),
            "X-Upreel-Model": modelHeader,
            "X-Face-Count": header("Of restored faces, with `faces=on`", "integer"),
          },
        },
        default: failure,
      },
    },
  },
  "/upscale-stream": {
    post: {
      summary:
        "Raw frames in, raw frames out, in order, on one connection: each is answered while the next ones are sent; who does not read is not read from. Without an end, if need be",
      parameters: [
        parameter("width", "Of a frame that is sent", side, true),
        parameter("height", "Of a frame that is sent", side, true),
        parameter("pixel_format", "Of the frames, both ways; 8 bit, interleaved, no padding", {
          enum: FRAME_FORMATS,
          default: "rgb24",
        }),
        parameter("scale", "How many times wider and higher", scale),
        model,
      ],
      requestBody: { required: true, content: { "application/octet-stream": binary } },
      responses: {
        200: {
          ...answer("The frames", { "application/octet-stream": binary }),
          headers: {
            "X-Frame-Width": header("Of a frame that comes", "integer"),
            "X-Frame-Height": header("Of a frame that comes", "integer"),
            "X-Frame-Format": header("Its pixels", "string"),
            "X-Upreel-Model": modelHeader,
          },
        },
        default: failure,
      },
    },
  },
};
