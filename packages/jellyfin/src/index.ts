export { parseItemId } from "./item-id.ts";
export { mapPath, parsePathMap, type MappedPath, type PathMap } from "./path-map/path-map.ts";
export {
  PLAY_MODES,
  choosePlayMode,
  parsePlayRules,
  type PlayMode,
  type PlayRule,
  type PlaySituation,
} from "./rules/play-rules.ts";
export {
  createJellyfinClient,
  type ItemQuery,
  type JellyfinClient,
  type JellyfinClientOptions,
  type PlayNow,
} from "./client/client.ts";
export type {
  JellyfinItem,
  JellyfinLibrary,
  JellyfinServer,
  JellyfinSession,
  JellyfinUser,
} from "./client/schemas.ts";
