import { answer, failure, json, operation, queryParameter, ref } from "./openapi-parts.ts";

const plan = answer("The plan", json(ref("LibraryPlan")));
const accepted = (summary: string) => ({
  summary,
  responses: { 202: plan, default: failure },
});

const pictures = answer("What becomes of them", json(ref("LibraryPictures")));
const picturesAccepted = (summary: string) => ({
  summary,
  responses: { 202: pictures, default: failure },
});

/** What is upscaled ahead of time. */
export const libraryPaths = {
  "/library/plan": { get: operation("What is upscaled ahead of time, and why not", plan) },
  "/library/start": { post: accepted("Begin with the plan now, whatever the hours") },
  "/library/stop": { post: accepted("Pause until the next night") },
  "/library/pictures": {
    get: operation("Posters, backdrops and photos of Jellyfin's: what is being done", pictures),
  },
  "/library/pictures/start": {
    post: {
      ...picturesAccepted("Upscale those that are small; the originals are kept"),
      parameters: [
        queryParameter("below", "Pixels of the longer side: 100 to 4000 (default: 1000)"),
      ],
    },
  },
  "/library/pictures/undo": { post: picturesAccepted("Put the originals back") },
  "/library/pictures/stop": { post: picturesAccepted("Stop after the picture of now") },
};
