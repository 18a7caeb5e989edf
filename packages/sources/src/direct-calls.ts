import { filesBeside, readText } from "./files-beside.ts";
import type { FileCalls } from "./file-calls.ts";
import { listFolder } from "./list-folder.ts";
import { createMediaFiles, type MediaFiles } from "./media-files.ts";
import { isEmptyFolder, lookAtFile, readBytes, readPlaces } from "./look-at-file.ts";

/** Asks the disk in this process: whatever hangs takes one of its few threads for that. */
export const directCalls: FileCalls = {
  look: lookAtFile,
  list: listFolder,
  isEmpty: isEmptyFolder,
  read: readPlaces,
  bytes: readBytes,
  beside: filesBeside,
  readText,
};

/** For the command line and tests, which have nothing else to do meanwhile. */
export const directFiles = (): MediaFiles => createMediaFiles(directCalls);
