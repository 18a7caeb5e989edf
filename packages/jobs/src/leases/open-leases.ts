import type { Leases, Log } from "@upreel/core";
import { createLocalLeases } from "./local-leases.ts";

export interface LeasesOptions {
  /** The server of the farm. */
  readonly url?: string | undefined;
  /** Where this gateway answers the others of its data folder. Without both this one is alone. */
  readonly address?: string | undefined;
  /** Tells the leases of one installation from those of others on the same server. */
  readonly installation: string;
  readonly log: Pick<Log, "debug" | "info" | "warn" | "error">;
}

/** Opens the leases of streams. Nothing of a server is loaded where this gateway is the only one. */
export async function openLeases({ url, address, ...more }: LeasesOptions): Promise<Leases> {
  if (url === undefined || address === undefined) return createLocalLeases();
  const { openValkeyLeases } = await import("./open-valkey-leases.ts");
  return await openValkeyLeases({ url, address, ...more });
}
