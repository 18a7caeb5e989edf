import type { StreamStatus } from "./stream-status.ts";

/** What gateways of earlier versions do not tell of a stream. */
type Later = "film" | "quality" | "plain" | "size_bytes";

/**
 * The status of a stream, whatever version of the gateway tells it: gateways that share a folder are updated one after the
 * other. Where it names no film, each stream is a film of its own.
 */
export const ofAnyVersion = (
  status: Omit<StreamStatus, Later> & Partial<Pick<StreamStatus, Later>>,
): StreamStatus => ({
  ...{ film: status.id, quality: 20, plain: false, size_bytes: null },
  ...status,
});
