import type { Leases } from "@upreel/core";
import { connectLeases } from "./lease-server.ts";
import { ValkeyLeases, type ValkeyLeasesParts } from "./valkey-leases.ts";

export interface ValkeyLeasesOptions {
  readonly url: string;
  readonly installation: string;
  /** Where this gateway answers the others; no two that live have the same. */
  readonly address: string;
  /** `quietMs`: so long a server that knows of nobody waits for those who had something; as long as a lease unless it is said. */
  readonly times?: {
    readonly leaseMs: number;
    readonly renewMs: number;
    readonly quietMs?: number;
  };
  /** Goes on at the same pace whatever becomes of the time of day. */
  readonly nowMs?: () => number;
  readonly log: ValkeyLeasesParts["log"];
}

/** A gateway that is killed is replaced within five seconds. */
const TIMES = { leaseMs: 4_000, renewMs: 1_000 };
/**
 * Leases on a Valkey or Redis server. Goes on where that is away, until the own clock says that they are over. Settles when
 * leases can be taken, or the server has not answered for a while.
 */
export async function openValkeyLeases(options: ValkeyLeasesOptions): Promise<Leases> {
  const { times = TIMES, log } = options;
  const server = connectLeases(
    options.url,
    { installation: options.installation, answerMs: times.leaseMs / 2 },
    log,
  );
  const leases = new ValkeyLeases(server, {
    ...{ log, quietMs: times.leaseMs, ...times, address: options.address },
    nowMs: options.nowMs ?? (() => performance.now()),
  });
  const isLate = setTimeout(() => leases.onKnown(), times.leaseMs / 2);
  await leases.known;
  clearTimeout(isLate);
  return leases;
}
