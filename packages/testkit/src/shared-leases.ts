import type { LeaseChange, Leases } from "@upreel/core";

/** Leases of several gateways in memory; tests take them away. */
export interface SharedLeases {
  at(address: string): Leases;
  /** This gateway has none any more; by `silently` it is not told so, as one that stood still. */
  end(address: string, how?: "silently"): void;
  /** Tells all that something may be free. */
  tellFree(): void;
  /** Nobody can be asked. */
  isAway: boolean;
}

export function makeSharedLeases(): SharedLeases {
  const owners = new Map<string, string>();
  const listeners = new Map<string, Set<(change: LeaseChange) => void>>();
  let fence = 0;
  const tell = (address: string, change: LeaseChange): void => {
    for (const listener of listeners.get(address) ?? []) listener(change);
  };
  const shared: SharedLeases = {
    isAway: false,
    at(address) {
      const own = new Set<(change: LeaseChange) => void>();
      listeners.set(address, own);
      const holds = (id: string): boolean => owners.get(id) === address;
      return {
        isShared: true,
        others: [],
        holds,
        async take(id, fenceOnDisk) {
          if (shared.isAway) return { kind: "unknown" };
          const owner = owners.get(id);
          if (owner !== undefined && owner !== address) return { kind: "other", address: owner };
          owners.set(id, address);
          fence = Math.max(fence, fenceOnDisk) + 1;
          return { kind: "own", fence };
        },
        async ownerOf(id) {
          const owner = owners.get(id);
          return shared.isAway || owner === address ? undefined : owner;
        },
        async release(id) {
          if (holds(id)) owners.delete(id);
        },
        subscribe(listener) {
          own.add(listener);
          return () => void own.delete(listener);
        },
        [Symbol.asyncDispose]: async () => undefined,
      };
    },
    end(address, how) {
      const ids = [...owners].filter(([, owner]) => owner === address).map(([id]) => id);
      for (const id of ids) owners.delete(id);
      if (how !== "silently") tell(address, { kind: "lost", ids });
    },
    tellFree() {
      for (const address of listeners.keys()) tell(address, { kind: "free" });
    },
  };
  return shared;
}
