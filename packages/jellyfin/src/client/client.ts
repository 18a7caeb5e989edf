import { z } from "zod";
import { createCircuitBreaker } from "./circuit-breaker.ts";
import { createImages } from "./client-images.ts";
import { createOrders } from "./client-orders.ts";
import { createSegmentCalls } from "./client-segments.ts";
import type { JellyfinClient } from "./jellyfin-client.ts";
import {
  itemPageSchema,
  librarySchema,
  serverSchema,
  sessionSchema,
  userSchema,
} from "./schemas.ts";
import { createTransport } from "./transport.ts";

export interface JellyfinClientOptions {
  /** Without a slash at its end. */
  readonly url: string;
  /** Without it only `server` and `isReady` can be asked. */
  readonly apiKey: string | undefined;
  readonly timeoutMs?: number;
  readonly attempts?: number;
  readonly backoffMs?: number;
  /** A call is refused at once for so long after several failures; doubled up to a minute. */
  readonly openMs?: number;
}

const FIELDS = "Path,MediaSources,MediaStreams,DateCreated";
const VIDEO_TYPES = "Movie,Episode,Video,MusicVideo";
const SORT_BY = {
  newest: "DateCreated",
  "last-played": "DatePlayed",
  "most-played": "PlayCount",
} as const;
/** A `.strm` is probed over the network, by Jellyfin's own ffprobe. */
const PROBE_TIMEOUT_MS = 30_000;

export function createJellyfinClient(options: JellyfinClientOptions): JellyfinClient {
  const { url, apiKey, timeoutMs = 5000, attempts = 3, backoffMs = 300, openMs = 2000 } = options;
  const breaker = createCircuitBreaker(() => performance.now(), {
    failures: attempts,
    openMs,
    maxOpenMs: 60_000,
  });
  const parts = { breaker, random: Math.random };
  const transport = createTransport(parts, { url, apiKey, timeoutMs, attempts, backoffMs });
  const patient = createTransport(parts, {
    url,
    apiKey,
    timeoutMs: PROBE_TIMEOUT_MS,
    attempts: 1,
    backoffMs,
  });

  const get = <T extends z.ZodType>(
    path: string,
    query: Readonly<Record<string, string | number | boolean | undefined>>,
    schema: T,
    signal?: AbortSignal,
  ) => transport.ask({ method: "GET", path, query }, schema, signal);

  return {
    server: (signal) => get("/System/Info/Public", {}, serverSchema, signal),
    async item(id, signal) {
      // GET /Items/{id} wants a user; this form does not, and knows no 404.
      const page = await get("/Items", { ids: id, fields: FIELDS }, itemPageSchema, signal);
      return page.Items.find((item) => item.Id === id);
    },
    async items(
      {
        userId,
        ids,
        libraryId,
        isPlayed,
        isFavorite,
        isResumable,
        types,
        order,
        startIndex,
        limit,
      },
      signal,
    ) {
      const query = {
        userId,
        ids: ids?.join(","),
        parentId: libraryId,
        recursive: true,
        includeItemTypes: types?.join(",") ?? VIDEO_TYPES,
        isPlayed,
        isFavorite,
        filters: isResumable === true ? "IsResumable" : undefined,
        fields: FIELDS,
        sortBy: order === undefined ? "SortName" : SORT_BY[order],
        sortOrder: order === undefined ? "Ascending" : "Descending",
        startIndex,
        limit,
      };
      const page = await get("/Items", query, itemPageSchema, signal);
      return { items: page.Items, total: page.TotalRecordCount };
    },
    async nextUp(userId, limit, signal) {
      const query = { userId, limit, fields: FIELDS };
      return (await get("/Shows/NextUp", query, itemPageSchema, signal)).Items;
    },
    async episodesAfter({ seriesId, itemId }, limit, signal) {
      const path = `/Shows/${seriesId}/Episodes`;
      const query = { startItemId: itemId, limit: limit + 1, fields: FIELDS };
      const { Items } = await get(path, query, itemPageSchema, signal);
      return Items.filter(({ Id }) => Id !== itemId).slice(0, limit);
    },
    async episodesOf({ seriesId, number }, signal) {
      const query = { season: number, fields: FIELDS };
      const { Items } = await get(`/Shows/${seriesId}/Episodes`, query, itemPageSchema, signal);
      // Specials are listed in the season in which they were shown, too.
      return Items.filter((item) => item.ParentIndexNumber === number);
    },
    sessions: (signal) => get("/Sessions", {}, z.array(sessionSchema), signal),
    users: (signal) => get("/Users", {}, z.array(userSchema), signal),
    libraries: (signal) => get("/Library/VirtualFolders", {}, z.array(librarySchema), signal),
    ...createOrders(transport),
    ...createImages(patient),
    ...createSegmentCalls(transport),
    async probe(itemId, signal) {
      // Its answer is the work done: no model of it is needed here.
      await patient.ask(
        { method: "GET", path: `/Items/${itemId}/PlaybackInfo` },
        z.unknown(),
        signal,
      );
    },
  };
}
