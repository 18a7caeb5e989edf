export type { FileGroup } from "./media-scan/group-of.ts";
export type { FilmPlaces } from "./jobs/prepare-group.ts";
export { installPlugin } from "./manifest/install-plugin.ts";
export {
  listPlugins,
  pluginsFolder,
  readChapters,
  setPluginEnabled,
  type PluginHere,
} from "./plugins-here.ts";
export { openScans, type Scans, type ScansParts } from "./open-scans.ts";
export type { FilmChapter } from "./media-scan/film-chapter.ts";
