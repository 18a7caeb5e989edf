import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { openJobs } from "@upreel/jobs";
import { HELD, QUIET } from "./held-job.ts";

const HOLDER = fileURLToPath(new URL("hold-job.ts", import.meta.url));
const INSTALLATION = "bench";

/** Seconds from the death of a process that does a job of BullMQ's until another one has the job. */
export async function timeStalledJob(url: string): Promise<number> {
  await using jobs = await openJobs({ url, installation: INSTALLATION, file: "", log: QUIET });
  const queue = jobs.open(HELD);
  const holder = spawn(process.execPath, [HOLDER, url, INSTALLATION], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await queue.add("job", {});
  await once(createInterface({ input: holder.stdout }), "line");
  const taken = Promise.withResolvers<number>();
  queue.work(async () => {
    taken.resolve(performance.now());
    return {};
  });
  const diedMs = performance.now();
  holder.kill("SIGKILL");
  return ((await taken.promise) - diedMs) / 1_000;
}
