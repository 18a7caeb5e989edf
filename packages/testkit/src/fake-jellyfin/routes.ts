import type { Route } from "./fake-call.ts";
import { ITEM_ROUTES } from "./item-routes.ts";
import { SEGMENT_ROUTES } from "./segment-routes.ts";
import { SERVER_ROUTES } from "./server-routes.ts";
import { SESSION_ROUTES } from "./session-routes.ts";
import { VIDEO_ROUTES } from "./video-routes.ts";

/** The endpoints that the gateway and its tests touch. */
export const ROUTES: readonly Route[] = [
  ...SERVER_ROUTES,
  ...ITEM_ROUTES,
  ...SEGMENT_ROUTES,
  ...SESSION_ROUTES,
  ...VIDEO_ROUTES,
];
