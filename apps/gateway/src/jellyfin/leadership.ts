import type { Leases } from "@upreel/core";

/** Which gateway of several does what one of them alone is to do. */
export interface Leadership extends Disposable {
  /** Whether this gateway does it now. */
  isHere(): boolean;
  /** Where the gateway answers that does it, if that is another one. */
  elsewhere(): Promise<string | undefined>;
}

export interface LeadershipOptions {
  readonly name: string;
  /** Whether this gateway can do it at all. */
  readonly mayLead: boolean;
  readonly onTaken: () => void;
  readonly onLost: () => void;
}

/** The gateway that holds a lease leads: the first one that may, and another one when that is gone. A single gateway always leads. */
export function createLeadership(
  leases: Leases | undefined,
  { name, mayLead, onTaken, onLost }: LeadershipOptions,
): Leadership {
  if (leases?.isShared !== true)
    return { isHere: () => true, elsewhere: async () => undefined, [Symbol.dispose]: () => {} };

  async function take(): Promise<void> {
    if (!mayLead || leases === undefined || leases.holds(name)) return;
    // Where nobody can tell whose it is, `free` comes when that is known again.
    const { kind } = await leases.take(name, 0);
    if (kind === "own") onTaken();
  }

  const unsubscribe = leases.subscribe((change) => {
    if (change.kind === "free") void take();
    else if (change.ids.includes(name)) onLost();
  });
  void take();
  return {
    isHere: () => leases.holds(name),
    elsewhere: () => leases.ownerOf(name),
    [Symbol.dispose]: unsubscribe,
  };
}
