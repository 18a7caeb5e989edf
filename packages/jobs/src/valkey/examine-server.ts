import { UpreelError } from "@upreel/core";

/** What a server of a farm tells of itself. */
export interface ServerFacts {
  /** Of Redis, as its clients count; Valkey tells one, too. */
  readonly version: string;
  /** What it does when its memory is full; undefined: it does not tell. */
  readonly policy: string | undefined;
}

/** Asks a Valkey or Redis server. Throws why it does not answer within `ms`. */
export async function examineServer(url: string, ms: number): Promise<ServerFacts> {
  const { Redis } = await import("ioredis");
  const redis = new Redis(url, {
    ...{ lazyConnect: true, connectTimeout: ms, commandTimeout: ms, maxRetriesPerRequest: 0 },
    retryStrategy: () => null,
  });
  let problem: Error | undefined;
  redis.on("error", (error) => (problem = error));
  try {
    await redis.connect();
    const text = await redis.info();
    const field = (name: string): string | undefined =>
      new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(text)?.[1];
    return { version: field("redis_version") ?? "unknown", policy: field("maxmemory_policy") };
  } catch (thrown) {
    const cause = problem ?? thrown;
    const { host } = new URL(url);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UpreelError("invalid_config", `${host} does not answer`, { got: why, cause });
  } finally {
    redis.disconnect();
  }
}
