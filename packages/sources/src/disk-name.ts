import { encodeFileName, hasRawBytes } from "@upreel/core";

/** The name of a media file as the disk has it, which may not be UTF-8. */
export const diskName = (path: string): string | Buffer =>
  hasRawBytes(path) ? Buffer.from(encodeFileName(path)) : path;
