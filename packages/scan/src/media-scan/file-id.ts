import { createHash } from "node:crypto";
import type { FileIdentity } from "@upreel/core";

/** Of a file as it is: another one after it changed. */
export const fileIdOf = ({ path, sizeBytes, modifiedMs }: FileIdentity): string =>
  hash(JSON.stringify([path, sizeBytes, Math.trunc(modifiedMs)]));

/** Of the place, whatever lies there. */
export const itemIdOf = ({ path }: FileIdentity): string => hash(path);

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);
