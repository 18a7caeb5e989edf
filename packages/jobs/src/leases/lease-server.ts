import type { Log } from "@upreel/core";
import { Redis } from "ioredis";
import { z } from "zod";
import { LEAVE, OWNER, RELEASE, RENEW, TAKE } from "./lease-scripts.ts";

/** A session as the server knows it. */
export interface Session {
  readonly address: string;
  readonly token: string;
}

export interface Renewal {
  /** `kept`, `anew` or `replaced`. */
  readonly how: string;
  /** Another one when the server may have forgotten something: it was flushed, or started again. */
  readonly memory: string;
  /** For so long it gives no stream to a new owner: it may have forgotten who the old one was. */
  readonly quietLeftMs: number;
  readonly living: readonly string[];
}

export interface Taking {
  /** The last one that is known of the stream. */
  readonly fence: number;
  /** By its own clock the stream is this gateway's now. */
  readonly hasIt: boolean;
}

const answerSchema = z.array(z.string());
const KEYS = ["gateways", "tokens", "owners", "fence", "memory"];
const LONGEST_PAUSE_MS = 500;

/** The scripts of leases on one server; each call rejects soon where it does not answer. */
export function connectLeases(
  url: string,
  { installation, answerMs }: { readonly installation: string; readonly answerMs: number },
  log: Pick<Log, "debug">,
) {
  const redis = new Redis(url, {
    // What waited for the server would be answered when it means nothing any more.
    ...{ maxRetriesPerRequest: 0, commandTimeout: answerMs, connectTimeout: answerMs },
    enableOfflineQueue: false,
    retryStrategy: (times) => Math.min(times * 50, LONGEST_PAUSE_MS),
  });
  redis.on("error", (error) => log.debug(`Leases: ${error.message}`));
  const keys = KEYS.map((key) => `{upreel-${installation}}:lease-${key}`);

  const run = async (script: string, ...args: readonly (string | number)[]): Promise<string[]> =>
    answerSchema.parse(await redis.eval(script, keys.length, ...keys, ...args));

  return {
    onReady: (listener: () => void) => void redis.on("ready", listener),
    async renew(
      { address, token }: Session,
      { leaseMs, quietMs }: { readonly leaseMs: number; readonly quietMs: number },
      joins: boolean,
    ): Promise<Renewal> {
      const args = [address, token, leaseMs, joins ? "1" : "0", quietMs];
      const [how = "", memory = "", quietLeftMs, ...living] = await run(RENEW, ...args);
      return { how, memory, quietLeftMs: Number(quietLeftMs), living };
    },
    take: ({ address, token }: Session, id: string, { fence, hasIt }: Taking) =>
      run(TAKE, address, token, id, fence, hasIt ? "1" : "0"),
    ownerOf: ({ address }: Session, id: string) => run(OWNER, address, id),
    release: ({ address, token }: Session, id: string) => run(RELEASE, address, token, id),
    leave: ({ address, token }: Session) => run(LEAVE, address, token),
    end: () => redis.disconnect(),
  };
}

export type LeaseServer = ReturnType<typeof connectLeases>;
