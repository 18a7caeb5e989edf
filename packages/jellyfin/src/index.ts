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
