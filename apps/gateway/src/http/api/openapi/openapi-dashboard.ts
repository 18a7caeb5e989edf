import { answer, failure, json, operation, ref } from "./openapi-parts.ts";

const settings = answer("The settings", json(ref("SettingsAnswer")));

const queue = answer("The order", json(ref("QueueAnswer")));

/** Paths that are there for the dashboard. */
export const dashboardPaths = {
  "/files": {
    get: {
      ...operation(
        "Folders and films in a folder below MEDIA_ROOTS; without a path, these themselves",
        answer("The folder", json(ref("FolderListing"))),
      ),
      parameters: [{ name: "path", in: "query", required: false, schema: { type: "string" } }],
    },
  },
  "/queue": {
    get: operation("The films that wait, in the order in which they are made", queue),
    post: {
      ...operation(
        "Move films within that order, for all gateways; what somebody watches is made first in any case",
        queue,
      ),
      requestBody: { required: true, content: json(ref("QueueMove")) },
    },
  },
  "/restart": {
    post: {
      summary: "Restart with the settings that wait for it; who plays a film sees a short pause",
      responses: {
        202: answer("It restarts", json({ type: "object", required: ["status"] })),
        default: failure,
      },
    },
  },
  "/settings": {
    get: operation(
      "Every setting: value, meaning, origin, and whether it can be changed",
      settings,
    ),
    put: {
      ...operation("Change settings and keep them; null for the default", settings),
      requestBody: { required: true, content: json({ type: "object" }) },
    },
  },
};
