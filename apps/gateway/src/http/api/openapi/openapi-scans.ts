import { answer, failure, idParameter, json, operation, ref } from "./openapi-parts.ts";

const scans = answer("Plugins and their work", json(ref("Scans")));

/** Plugins that look at films, and what they found. */
export const scanPaths = {
  "/scans": {
    get: operation("Plugins, and the films that they look at", scans),
    post: {
      summary: "Let the plugins look at a film, and at the season that it is of",
      requestBody: {
        required: true,
        content: json({
          type: "object",
          required: ["path"],
          properties: { path: { type: "string" } },
        }),
      },
      responses: { 202: scans, default: failure },
    },
  },
  "/plugins/{id}": {
    put: {
      summary: "Switch a plugin on or off, everywhere or for the films of one folder",
      parameters: [idParameter],
      requestBody: { required: true, content: json(ref("PluginChange")) },
      responses: { 200: scans, default: failure },
    },
  },
  "/plugins/{id}/logs": {
    get: {
      ...operation("The last lines that a plugin wrote", answer("Lines", json(ref("PluginLogs")))),
      parameters: [idParameter],
    },
  },
  "/segments/{id}": {
    get: operation(
      "Parts of a film that can be skipped",
      answer("Parts", json(ref("FilmSegments"))),
      true,
    ),
  },
};
