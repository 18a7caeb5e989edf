import { z } from "zod";
import { mediaSegmentsSchema } from "../media-segments/merge-segments.ts";
import type { JellyfinClient } from "./jellyfin-client.ts";
import type { Transport } from "./transport.ts";

type SegmentCalls = Pick<
  JellyfinClient,
  "segmentsPlugin" | "segments" | "addSegment" | "removeSegment"
>;

/** Jellyfin shows what is stored under a provider that is installed: this plugin is one itself, by its name. */
const PROVIDER = "MediaSegments API";

const pluginSchema = z.looseObject({ version: z.string() });

/** Segments that Jellyfin stores: read by its own API, written by that of a plugin, which 10.10 and later lack. */
export const createSegmentCalls = (transport: Transport): SegmentCalls => ({
  async segmentsPlugin(signal) {
    const plugin = { method: "GET", path: "/MediaSegmentsApi" } as const;
    return (await transport.find(plugin, pluginSchema, signal))?.version;
  },
  segments: (itemId, signal) =>
    transport.find(
      { method: "GET", path: `/MediaSegments/${itemId}` },
      mediaSegmentsSchema,
      signal,
    ),
  addSegment: (segment, signal) =>
    transport.tell(
      {
        ...{ method: "POST", path: `/MediaSegmentsApi/${segment.ItemId}` },
        ...{ query: { providerId: PROVIDER }, body: segment },
      },
      signal,
    ),
  removeSegment: (id, signal) =>
    transport.tell({ method: "DELETE", path: `/MediaSegmentsApi/${id}` }, signal),
});
