import type { Jobs, Log } from "@upreel/core";
import { openJobFile } from "./local/job-file.ts";
import { openLocalJobs } from "./local/local-jobs.ts";

export interface JobsOptions {
  /** A Valkey or Redis server that keeps the jobs; without one this process does, in `file`. */
  readonly url?: string | undefined;
  readonly file: string;
  /** Tells the jobs of one installation from those of others on the same server. */
  readonly installation: string;
  readonly log: Pick<Log, "debug" | "info" | "warn">;
}

/** Opens the queues of jobs. BullMQ is loaded only where there is a server. */
export async function openJobs({ url, file, installation, log }: JobsOptions): Promise<Jobs> {
  if (url === undefined) return openLocalJobs(openJobFile(file, log));
  const { openValkeyJobs } = await import("./valkey/valkey-jobs.ts");
  return openValkeyJobs({ url, installation, log });
}
