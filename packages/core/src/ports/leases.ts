import { UpreelError } from "../errors.ts";

/** Whose a stream is. */
export type LeaseAnswer =
  /** `fence` is higher than that of every owner before, also of those that the disk alone knows. */
  | { readonly kind: "own"; readonly fence: number }
  /** Another gateway that lives, and where it answers. */
  | { readonly kind: "other"; readonly address: string }
  /** Whoever keeps the leases does not answer now. */
  | { readonly kind: "unknown" };

export type LeaseChange =
  /** Streams are this gateway's no longer: whatever works on them ends at once. */
  | { readonly kind: "lost"; readonly ids: readonly string[] }
  /** Streams may have become nobody's: another gateway is gone, or leases can be taken again. */
  | { readonly kind: "free" };

/**
 * Which gateway owns which stream, where several share a data folder. Whoever owns one makes it, alone, and keeps it
 * until it releases it, or is not heard of for some seconds.
 */
export interface Leases extends AsyncDisposable {
  /** Whether there can be other gateways; without them all streams are this one's. */
  readonly isShared: boolean;
  /** Takes a stream, unless a gateway that lives has it. `fenceOnDisk`: of its last owner, as its record tells; 0: none. */
  take(id: string, fenceOnDisk: number): Promise<LeaseAnswer>;
  /** Where the gateway answers that has it, if that is another one that lives; undefined also where nobody can be asked. */
  ownerOf(id: string): Promise<string | undefined>;
  /** Whether this gateway has it now, by its own clock: nothing is written for a stream without it. */
  holds(id: string): boolean;
  /** It becomes nobody's at once. Never rejects. */
  release(id: string): Promise<void>;
  /** Where the other gateways answer that were there a moment ago. */
  readonly others: readonly string[];
  subscribe(listener: (change: LeaseChange) => void): () => void;
}

/** Of a stream that another gateway has. */
export const streamElsewhere = (id: string): UpreelError =>
  new UpreelError("stream_elsewhere", "another gateway upscales this film", {
    expected: "the gateway that has its lease to be asked",
    got: id,
  });

/** The error for a stream whose owner cannot be found out now. */
export const leasesAway = (id: string): UpreelError =>
  new UpreelError("leases_away", "it is not known now which gateway has this film", {
    expected: "the server of FARM_URL to answer",
    got: id,
  });
