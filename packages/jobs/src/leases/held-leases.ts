import type { LeaseAnswer, Log } from "@upreel/core";
import type { LeaseServer, Session, Taking } from "./lease-server.ts";

interface Held {
  readonly fence: number;
  /** Of the server that it was taken from; undefined: whether that still knows of it is to be asked. */
  readonly memory: string | undefined;
}

interface HeldLeasesParts {
  /** Whether the lease of this gateway has not ended by its own clock. */
  readonly isInTime: () => boolean;
  readonly log: Pick<Log, "debug">;
}

const UNKNOWN: LeaseAnswer = { kind: "unknown" };

/** What one gateway has on the server, and what the server may believe that it has. */
export class HeldLeases {
  readonly #server: Pick<LeaseServer, "take" | "release">;
  readonly #session: Session;
  readonly #parts: HeldLeasesParts;
  readonly #held = new Map<string, Held>();
  readonly #taking = new Map<string, Promise<LeaseAnswer>>();
  /** Calls without an answer may have been done, or be done yet: the server might keep these for this gateway for ever. */
  readonly #unsure = new Set<string>();

  constructor(
    server: Pick<LeaseServer, "take" | "release">,
    session: Session,
    parts: HeldLeasesParts,
  ) {
    this.#server = server;
    this.#session = session;
    this.#parts = parts;
  }

  has(id: string): boolean {
    return this.#held.has(id);
  }

  ids(): readonly string[] {
    return [...this.#held.keys()];
  }

  get size(): number {
    return this.#held.size;
  }

  take(id: string, fenceOnDisk: number): Promise<LeaseAnswer> {
    const known = this.#held.get(id);
    if (known !== undefined) return Promise.resolve({ kind: "own", fence: known.fence });
    const taking =
      this.#taking.get(id) ??
      this.#ask(id, { fence: fenceOnDisk, hasIt: false }).finally(() => this.#taking.delete(id));
    this.#taking.set(id, taking);
    return taking;
  }

  /** Gives the lease back at once or, if the server does not answer, as soon as it does. */
  async release(id: string): Promise<void> {
    if (this.#held.delete(id)) await this.#giveBack(id);
  }

  /** They are not this gateway's any more, whatever the server believes. */
  lose(ids: readonly string[]): void {
    for (const id of ids) this.#held.delete(id);
  }

  /** The server may not know any more whose they are: `takeAgain` asks. */
  doubt(): void {
    for (const [id, { fence }] of this.#held) this.#held.set(id, { fence, memory: undefined });
  }

  /**
   * Tells a server with another `memory` of what this gateway has by its own clock. What others have by now is lost; not whole, where
   * it is not known of all.
   */
  async takeAgain(
    memory: string,
  ): Promise<{ readonly lost: readonly string[]; readonly isWhole: boolean }> {
    const stale = [...this.#held].filter(([, held]) => held.memory !== memory);
    const answers = await Promise.all(
      stale.map(async ([id, { fence }]) => {
        const { kind } = await this.#ask(id, { fence, hasIt: true });
        return { id, kind };
      }),
    );
    const lost = answers.filter(({ kind }) => kind === "other").map(({ id }) => id);
    const isUnsure = answers.some(({ id, kind }) => kind === "unknown" && this.#held.has(id));
    return { lost, isWhole: !isUnsure };
  }

  /** Releases leases that the server may still keep for this gateway after calls that timed out; whether there were any. */
  async settle(): Promise<boolean> {
    const ids = [...this.#unsure].filter((id) => !this.#held.has(id) && !this.#taking.has(id));
    await Promise.all(ids.map((id) => this.#giveBack(id)));
    return ids.length > 0;
  }

  async #ask(id: string, taking: Taking): Promise<LeaseAnswer> {
    let answer: readonly string[];
    try {
      answer = await this.#server.take(this.#session, id, taking);
    } catch {
      this.#unsure.add(id);
      return UNKNOWN;
    }
    const [kind, value = "", memory] = answer;
    if (kind === "other") return { kind, address: value };
    if (kind !== "own") return UNKNOWN;
    // Released while the server was asked whether it knows of it: that is done after this.
    if (taking.hasIt && !this.#held.has(id)) return UNKNOWN;
    // The lease of this gateway may have ended while the server answered.
    if (!this.#parts.isInTime()) {
      this.#unsure.add(id);
      return UNKNOWN;
    }
    this.#unsure.delete(id);
    this.#held.set(id, { fence: Number(value), memory });
    return { kind, fence: Number(value) };
  }

  async #giveBack(id: string): Promise<void> {
    this.#unsure.add(id);
    try {
      await this.#server.release(this.#session, id);
      this.#unsure.delete(id);
    } catch (error) {
      this.#parts.log.debug("a lease is released when the server answers again", { id, error });
    }
  }
}
