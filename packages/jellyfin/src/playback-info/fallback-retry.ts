import type { PlaybackRequest } from "./schema.ts";

/** What a client changes when it asks again after a stream failed. */
export type PlayFlags = Pick<
  PlaybackRequest,
  "EnableDirectPlay" | "EnableDirectStream" | "AllowVideoStreamCopy"
>;

/** Whether a client asks for a re-encode only, as all do after a stream did not start. */
export const isFallbackRetry = (request: PlaybackRequest): boolean =>
  request.EnableDirectPlay === false && request.EnableDirectStream === false;

/** The body of a retry with the flags of the first request, so that the client plays directly again. */
export function withFlags(
  body: Readonly<Record<string, unknown>>,
  flags: PlayFlags,
): Record<string, unknown> {
  const restored = { ...body };
  for (const name of ["EnableDirectPlay", "EnableDirectStream", "AllowVideoStreamCopy"] as const) {
    if (flags[name] === undefined || flags[name] === null) delete restored[name];
    else restored[name] = flags[name];
  }
  return restored;
}
