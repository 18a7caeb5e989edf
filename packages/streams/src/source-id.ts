import { createHash } from "node:crypto";
import type { FileIdentity } from "@upreel/core";

/** Names the file on every machine; a film that is being written keeps its name while it grows. */
export const sourceId = ({ path }: FileIdentity): string =>
  createHash("sha256").update(path).digest("hex").slice(0, 32);
