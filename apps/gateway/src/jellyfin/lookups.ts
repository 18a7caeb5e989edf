import { randomUUID } from "node:crypto";
import type { LookupStatus } from "@upreel/core";
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
  find(id: string): FoundLookup | undefined;
}

/** The stream that was found, or what there is to tell until then. */
type FoundLookup =
  | { readonly streamId: string; readonly status?: undefined }
  | { readonly status: LookupStatus };

const MAX_LOOKUPS = 1_000;
const ID_BEGINS = "item-";

export const isLookupId = (id: string): boolean => id.startsWith(ID_BEGINS);

interface Lookup {
  readonly id: string;
  outcome: Outcome | undefined;
}

export function createLookups(): Lookups {
  const byItem = new Map<string, Lookup>();
  const lookupOf = (itemId: string): Lookup => {
    const known = byItem.get(itemId);
    const lookup = known ?? { id: `${ID_BEGINS}${randomUUID()}`, outcome: undefined };
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
      return found === undefined ? undefined : answerOf(found);
    },
  };
}

function answerOf({ id, outcome }: Lookup): FoundLookup {
  const told = (status: Omit<LookupStatus, "id">): FoundLookup => ({ status: { id, ...status } });
  switch (outcome?.kind) {
    case undefined:
      return told({
        state: "accepted",
        message: "Jellyfin is asked for the file",
        reason: null,
      });
    case "stream":
      return { streamId: outcome.id };
    case "left_alone":
      return told({ state: "left_alone", message: outcome.why, reason: null });
    case "failed":
      return told({ state: "failed", message: outcome.reason.message, reason: outcome.reason });
  }
}
