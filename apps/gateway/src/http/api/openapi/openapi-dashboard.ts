import { answer, json, operation, ref } from "./openapi-parts.ts";

const settings = answer("The settings", json(ref("SettingsAnswer")));

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
