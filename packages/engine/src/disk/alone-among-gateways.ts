import { setTimeout as sleep } from "node:timers/promises";
import type { Leases } from "@upreel/core";

const AGAIN_MS = 20;

/** As `aloneAmongGateways`, but where another gateway does it now, nothing is done: it is about what that one changes. */
export async function unlessAnotherGateway(
  leases: Pick<Leases, "take" | "release">,
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  if ((await leases.take(name, 0)).kind === "other") return;
  try {
    await work();
  } finally {
    await leases.release(name);
  }
}

/**
 * Does `work` while no other gateway of the data folder does what has the same name; where nobody can tell, at once. Calls of
 * one gateway have to follow each other.
 */
export async function aloneAmongGateways<T>(
  leases: Pick<Leases, "take" | "release">,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  while ((await leases.take(name, 0)).kind === "other") await sleep(AGAIN_MS);
  try {
    return await work();
  } finally {
    await leases.release(name);
  }
}
