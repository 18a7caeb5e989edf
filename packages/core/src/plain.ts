/**
 * What of this package has no schema: for threads, of which each would hold all schemas, 14 MB with what they are made by
 * (docs/decisions/0046), and for pages, which would load them.
 */
export { encodeFileName, hasRawBytes } from "./film/file-name.ts";
export { chromaStrips, enlarged } from "./film/enlarged.ts";
export { PTS_PER_SECOND } from "./film/pts-per-second.ts";
export { toUpreelError, UpreelError } from "./errors.ts";
export { preciseNowMs } from "./run/precise-now.ts";
export { toReason } from "./stream/reason.ts";
export { bestVersion } from "./stream/best-version.ts";
export { safeLeadSeconds } from "./stream/safe-lead.ts";
export { ofAnyVersion } from "./api/of-any-version.ts";
