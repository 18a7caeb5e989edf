export { createFilesProcess } from "./create-files-process.ts";
export { directCalls, directFiles } from "./direct-calls.ts";
export type { FileBeside, FileCalls } from "./file-calls.ts";
export { isInside } from "./is-inside.ts";
export { listFolder } from "./list-folder.ts";
export { createMediaFiles, type MediaFiles } from "./media-files.ts";
