import { randomUUID } from "node:crypto";
import type { LookupStatus, StreamStatus } from "@upreel/core";
import type { Outcome } from "@upreel/jellyfin";

/**
 * What became of bodies that named only an item. Each item has one id here, unguessable like a
 * stream's: who was told it may see the stream that was found. Kept in memory, the newest ones.
 */
export interface Lookups {
  /** The id under which `/status` answers for this item. */
  open(itemId: string): string;
  settle(itemId: string, outcome: Outcome): void;
  /** `undefined` for an id that is none of these. */
  find(id: string): StreamStatus | LookupStatus | undefined;
}

const MAX_LOOKUPS = 1_000;

interface Lookup {
  readonly id: string;
  outcome: Outcome | undefined;
}

export function createLookups(statusOf: (streamId: string) => StreamStatus): Lookups {
  const byItem = new Map<string, Lookup>();
  const lookupOf = (itemId: string): Lookup => {
    const known = byItem.get(itemId);
    const lookup = known ?? { id: `item-${randomUUID()}`, outcome: undefined };
    byItem.delete(itemId);
    byItem.set(itemId, lookup);
    const [oldest] = byItem.keys();
    if (byItem.size > MAX_LOOKUPS && oldest !== undefined) byItem.delete(oldest);
    return lookup;
  };
  return {
    open: (itemId) => lookupOf(itemId).id,
    // Also of an item that no trigger has named yet: the list of sessions may be first.
    settle(itemId, outcome) {
      lookupOf(itemId).outcome = outcome;
    },
    find(id) {
      const found = byItem.values().find((lookup) => lookup.id === id);
      return found === undefined ? undefined : answerOf(found, statusOf);
    },
  };
}

function answerOf(
  { id, outcome }: Lookup,
  statusOf: (streamId: string) => StreamStatus,
): StreamStatus | LookupStatus {
  switch (outcome?.kind) {
    case undefined:
      return { id, state: "accepted", message: "Jellyfin is asked for the file", reason: null };
    case "stream":
      return statusOf(outcome.id);
    case "left_alone":
      return { id, state: "left_alone", message: outcome.why, reason: null };
    case "failed":
      return { id, state: "failed", message: outcome.reason.message, reason: outcome.reason };
  }
}
