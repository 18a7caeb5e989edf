const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

/** Whether who listens at `host` can be reached from this machine alone. */
export const isLoopback = (host: string): boolean => LOOPBACK.has(host);
