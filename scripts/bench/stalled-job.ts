import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { openJobs } from "@upreel/jobs";
import { LETTERS } from "../../packages/jobs/src/testing/letter-jobs.ts";

const HOLDER = fileURLToPath(
  new URL("../../packages/jobs/src/testing/hold-job.ts", import.meta.url),
);
const INSTALLATION = "bench";
const ignore = (): void => undefined;
const log = { debug: ignore, info: ignore, warn: ignore };

/** Seconds from the death of a process that does a job of BullMQ's until another one has the job. */
export async function timeStalledJob(url: string): Promise<number> {
  await using jobs = await openJobs({ url, installation: INSTALLATION, file: "", log });
  const queue = jobs.open(LETTERS);
  const holder = spawn(process.execPath, [HOLDER, url, INSTALLATION], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await queue.add("job", { letter: "a" });
  await once(createInterface({ input: holder.stdout }), "line");
  const taken = Promise.withResolvers<number>();
  queue.work(async ({ data }) => {
    taken.resolve(performance.now());
    return { word: data.letter };
  });
  const diedMs = performance.now();
  holder.kill("SIGKILL");
  return ((await taken.promise) - diedMs) / 1_000;
}
