import { FILM_SORTS } from "@upreel/core";
import { PREVIEW_SCENES } from "@upreel/engine";
import {
  answer,
  failure,
  idParameter,
  json,
  operation,
  queryParameter,
  ref,
} from "./openapi-parts.ts";

/** Films as people look for them. */
export const filmPaths = {
  "/films": {
    get: {
      ...operation(
        "Films in MEDIA_ROOTS, a page at a time, with what can be done with each now",
        answer("The films", json(ref("Films"))),
      ),
      parameters: [
        queryParameter("search", "Words of title, year or path"),
        {
          ...queryParameter("sort", "Order; by title without it"),
          schema: { type: "string", enum: [...FILM_SORTS] },
        },
        {
          ...queryParameter("only", "Only films that are ready, or being upscaled"),
          schema: { type: "string", enum: ["ready", "upscaling"] },
        },
        queryParameter("folder", "Only films in this folder and those in it"),
        queryParameter("streams", "Only the films of these streams, ids separated by commas"),
        { ...queryParameter("offset", "Films to leave out first"), schema: { type: "integer" } },
        {
          ...queryParameter("limit", "At most so many films; 50 without it"),
          schema: { type: "integer", minimum: 1, maximum: 100 },
        },
      ],
    },
  },
  "/films/after/{id}": {
    get: {
      ...operation(
        "The film after the one of this stream, in its folder: the next episode",
        answer(
          "The film, or null",
          json({
            type: "object",
            properties: { film: {} },
            required: ["film"],
          }),
        ),
      ),
      parameters: [idParameter],
    },
  },
  "/films/expect": {
    post: {
      summary:
        "A film will be clicked on soon: it is planned meanwhile, and starts sooner then; nothing is begun",
      responses: { 202: answer("Accepted", json({ type: "object" })), default: failure },
      parameters: [{ ...queryParameter("path", "The film's file"), required: true }],
    },
  },
  "/choices": {
    get: {
      ...operation(
        "How a film can be made here: what each way gives, how fast it is, and what it takes",
        answer("The choices", json(ref("FilmChoices"))),
      ),
      parameters: [{ ...queryParameter("path", "The film's file"), required: true }],
    },
  },
  "/preview": {
    get: {
      ...operation(
        "One picture of a film before it is begun, as a model would make it; begins nothing",
        answer("The picture", { "image/png": { schema: { type: "string", format: "binary" } } }),
      ),
      parameters: [
        { ...queryParameter("path", "The film's file"), required: true },
        {
          ...queryParameter("scene", "Where in the film, the first one without it"),
          schema: { type: "integer", minimum: 0, maximum: PREVIEW_SCENES - 1 },
        },
        queryParameter(
          "model",
          "Id of a model; without it the original, enlarged by bicubic scaling",
        ),
      ],
    },
  },
  "/place/{id}": {
    get: operation(
      "Where the person who watches here left the film in Jellyfin; never without the API token, but for the gateway's own machine",
      answer("The place, or null", json(ref("Place"))),
      true,
    ),
  },
  "/poster/{id}": {
    get: {
      ...operation(
        "A film's picture",
        answer("The picture", { "image/jpeg": { schema: { type: "string", format: "binary" } } }),
      ),
      parameters: [
        idParameter,
        queryParameter("tag", "Which picture, as /films names it: with it, the answer may be kept"),
      ],
    },
  },
};
