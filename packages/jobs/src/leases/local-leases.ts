import type { Leases } from "@upreel/core";

/** Of the only gateway of a data folder: all streams are its own, and nobody is asked. */
export const createLocalLeases = (): Leases => ({
  isShared: false,
  others: [],
  take: async (_id, fenceOnDisk) => ({ kind: "own", fence: fenceOnDisk }),
  ownerOf: async () => undefined,
  holds: () => true,
  release: async () => undefined,
  subscribe: () => () => undefined,
  [Symbol.asyncDispose]: async () => undefined,
});
