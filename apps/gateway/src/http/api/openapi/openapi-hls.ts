import { idParameter, operation, playlist, transportStream } from "./openapi-parts.ts";
import { renditionPaths } from "./openapi-renditions.ts";

/** What players ask for. */
export const hlsPaths = {
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
};
