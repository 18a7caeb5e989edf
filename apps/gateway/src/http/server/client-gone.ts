/** Of Node's streams and sockets, and of express, when nobody is at the other end any more. */
const CODES = new Set([
  "ECONNABORTED",
  "EPIPE",
  "ECONNRESET",
  "ERR_STREAM_PREMATURE_CLOSE",
  "ERR_STREAM_UNABLE_TO_PIPE",
  "ERR_STREAM_DESTROYED",
]);

/**
 * Whether what was thrown says only that the client went, or that the server is stopping: nobody is
 * left to be told, and nothing is wrong.
 */
export const isClientGone = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  (thrown.name === "AbortError" ||
    /^request aborted$/i.test(thrown.message) ||
    ("code" in thrown && CODES.has(String(thrown.code))));
