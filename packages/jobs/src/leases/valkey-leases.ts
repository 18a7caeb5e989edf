import { randomBytes } from "node:crypto";
import type { LeaseAnswer, LeaseChange, Leases, Log } from "@upreel/core";
import { createListeners } from "../listeners.ts";
import { HeldLeases } from "./held-leases.ts";
import type { LeaseServer, Renewal } from "./lease-server.ts";

/** So much of a lease is not used: clocks of two machines do not go at quite the same pace, and what was begun is finished. */
const MARGIN = 0.1;

export interface ValkeyLeasesParts {
  readonly address: string;
  readonly leaseMs: number;
  readonly renewMs: number;
  readonly quietMs: number;
  readonly nowMs: () => number;
  readonly log: Pick<Log, "debug" | "info" | "warn" | "error">;
}

/** Leases on a Valkey or Redis server, as long as they are renewed. */
export class ValkeyLeases implements Leases {
  readonly isShared = true;
  readonly #server: LeaseServer;
  readonly #parts: ValkeyLeasesParts;
  readonly #session: { readonly address: string; readonly token: string };
  readonly #listeners = createListeners<[change: LeaseChange]>();
  readonly #held: HeldLeases;
  #endsMs = Number.NEGATIVE_INFINITY;
  #others: readonly string[] = [];
  #renewing: Promise<void>;
  #next: NodeJS.Timeout | undefined;
  #ending: NodeJS.Timeout | undefined;
  #isFirst = true;
  #isAway = false;
  /** Something may be nobody's, of which nobody was told yet. */
  #isFreeUntold = false;
  #state: "open" | "replaced" | "closed" = "open";
  /** Settles when this gateway is known at the server, or `onKnown` is called. */
  readonly known: Promise<void>;
  readonly onKnown: () => void;

  constructor(server: LeaseServer, parts: ValkeyLeasesParts) {
    this.#server = server;
    this.#parts = parts;
    this.#session = { address: parts.address, token: randomBytes(8).toString("hex") };
    const isInTime = (): boolean => this.#isInTime();
    this.#held = new HeldLeases(server, this.#session, { isInTime, log: parts.log });
    this.#renewing = Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.known = promise;
    this.onKnown = resolve;
    server.onReady(() => this.#renewSoon(0));
    // Should it never be there, that is said.
    this.#renewSoon(parts.leaseMs / 2);
  }

  get others(): readonly string[] {
    return this.#others;
  }

  holds(id: string): boolean {
    return this.#held.has(id) && this.#isInTime();
  }

  async take(id: string, fenceOnDisk: number): Promise<LeaseAnswer> {
    return this.#isInTime() ? await this.#held.take(id, fenceOnDisk) : { kind: "unknown" };
  }

  async ownerOf(id: string): Promise<string | undefined> {
    const [address] = await this.#server.ownerOf(this.#session, id).catch(() => []);
    return address;
  }

  release(id: string): Promise<void> {
    return this.#held.release(id);
  }

  subscribe(listener: (change: LeaseChange) => void): () => void {
    return this.#listeners.subscribe(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state === "closed") return;
    this.#state = "closed";
    clearTimeout(this.#next);
    await this.#renewing;
    clearTimeout(this.#ending);
    await this.#server.leave(this.#session).catch(() => undefined);
    this.#held.lose(this.#held.ids());
    this.#endsMs = Number.NEGATIVE_INFINITY;
    this.#server.end();
  }

  #isInTime(): boolean {
    return this.#parts.nowMs() < this.#endsMs;
  }

  #renewSoon(ms: number): void {
    clearTimeout(this.#next);
    if (this.#state !== "open") return;
    this.#next = setTimeout(() => {
      this.#renewing = this.#renewing.then(() => this.#renew());
    }, ms);
  }

  async #renew(): Promise<void> {
    const { nowMs, leaseMs, quietMs, renewMs, log } = this.#parts;
    // The server counts from when it hears of it, which is later.
    const sentMs = nowMs();
    try {
      const answer = await this.#server.renew(this.#session, { leaseMs, quietMs }, this.#isFirst);
      this.#isFirst = false;
      if (this.#isAway) log.info("FARM_URL: leases of streams are renewed again");
      this.#isAway = false;
      await this.#renewed(answer, sentMs + leaseMs * (1 - MARGIN));
      this.onKnown();
    } catch (error) {
      if (!this.#isAway)
        log.warn("FARM_URL: leases of streams cannot be renewed now", { error: String(error) });
      this.#isAway = true;
    }
    this.#renewSoon(renewMs);
  }

  async #renewed({ how, memory, quietLeftMs, living }: Renewal, endsMs: number): Promise<void> {
    if (how === "replaced") return this.#replaced();
    const wasInTime = this.#isInTime();
    // What ended by this clock is over, even where the server would still know it.
    if (!wasInTime) this.#lose(this.#held.ids());
    const before = this.#others;
    // A server that has forgotten all learns of them within a second.
    const known = quietLeftMs > 0 ? new Set([...before, ...living]) : new Set(living);
    this.#others = [...known].filter((each) => each !== this.#parts.address);
    const isGone = before.some((each) => !this.#others.includes(each));
    if (how === "anew" || !wasInTime || isGone) this.#isFreeUntold = true;
    if (how === "anew") this.#held.doubt();
    // Until it is heard of again, what the server may have forgotten is this gateway's by the lease before, and no longer.
    const again = await this.#held.takeAgain(memory);
    this.#lose(again.lost);
    if (!again.isWhole) return;
    this.#endsMs = endsMs;
    this.#lookForEnd();
    if (await this.#held.settle()) this.#isFreeUntold = true;
    if (!this.#isFreeUntold || quietLeftMs > 0) return;
    this.#isFreeUntold = false;
    this.#listeners.tell({ kind: "free" });
  }

  #lookForEnd(): void {
    clearTimeout(this.#ending);
    const leftMs = this.#endsMs - this.#parts.nowMs();
    // A timer may come a little before its time.
    if (leftMs > 0) this.#ending = setTimeout(() => this.#lookForEnd(), Math.ceil(leftMs));
    else this.#ended();
  }

  #ended(): void {
    if (this.#held.size > 0)
      this.#parts.log.warn(
        "FARM_URL has not answered for too long: upscaling pauses until it does; what is already upscaled can be watched",
      );
    this.#lose(this.#held.ids());
  }

  #replaced(): void {
    this.#state = "replaced";
    this.#endsMs = Number.NEGATIVE_INFINITY;
    this.#parts.log.error(
      `another gateway has the address ${this.#parts.address} and took its place: GATEWAY_URL must be another one for each`,
    );
    this.#lose(this.#held.ids());
  }

  #lose(ids: readonly string[]): void {
    this.#held.lose(ids);
    if (ids.length > 0) this.#listeners.tell({ kind: "lost", ids });
  }
}
