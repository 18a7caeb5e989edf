import { encodeFileName, hasRawBytes } from "@upreel/core";

/** A file's name as Node's calls take it: on the disk it may be no UTF-8. */
export const diskName = (path: string): string | Buffer =>
  hasRawBytes(path) ? Buffer.from(encodeFileName(path)) : path;
