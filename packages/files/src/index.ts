export {
  diskSpace,
  errnoOf,
  freeBytes,
  isThere,
  makeFolder,
  publishFile,
  renameNew,
  replaceFile,
  syncPath,
  type HowKept,
} from "./durable-files.ts";
export { diskName } from "./disk-name.ts";
export { toDiskError } from "./disk-error.ts";
export { sha256Of } from "./sha256-of.ts";
export { keepDatabase, type KeptDatabase } from "./kept-database.ts";
export { JsonFile, type JsonFileOptions } from "./json-file.ts";
export {
  createNewFile,
  isPartOf,
  isPartPath,
  newPartPath,
  writeNewFile,
  type NewFile,
} from "./new-file.ts";
