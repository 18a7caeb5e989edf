import {
  eventually,
  freePort,
  makeRecordingLog,
  startValkey,
  type RecordingLog,
  type ValkeyServer,
} from "@upreel/testkit";
import { expect, it } from "vitest";
import { LETTERS } from "../testing/letter-jobs.ts";
import { openValkeyJobs } from "./valkey-jobs.ts";

const NEVER = new AbortController().signal;

const AWAY: Readonly<
  Record<string, (server: ValkeyServer, log: RecordingLog) => Promise<unknown>>
> = {
  async "was killed"(server, log) {
    await server.kill();
    return eventually("it is said", () => log.complaints.length > 0);
  },
  "stands still": async (server) => server.pause(),
};

it.each(Object.entries(AWAY))(
  "a gateway whose server %s ends with a job in hand, and whoever waits for a job is told",
  async (_, goAway) => {
    await using server = await startValkey();
    const log = makeRecordingLog();
    const jobs = openValkeyJobs({ url: server.url, installation: "end", log });
    const queue = jobs.open(LETTERS);
    const inHand = Promise.withResolvers<AbortSignal>();
    queue.work((job) => {
      inHand.resolve(job.signal);
      return new Promise((__, reject) => {
        job.signal.addEventListener("abort", () => reject(job.signal.reason));
      });
    });
    await queue.add("a", { letter: "a" });
    const signal = await inHand.promise;
    await goAway(server, log);
    const waiting = [queue.add("b", { letter: "b" }), queue.finished("a", NEVER), queue.list()];
    const rejected = Promise.allSettled(waiting);
    await jobs[Symbol.asyncDispose]();
    expect(signal.aborted).toBe(true);
    expect((await rejected).map(({ status }) => status)).toEqual(Array(3).fill("rejected"));
  },
);

it("a gateway whose server was never there ends, and whoever waits for a job is told", async () => {
  const url = `redis://127.0.0.1:${await freePort()}`;
  const log = makeRecordingLog();
  const jobs = openValkeyJobs({ url, installation: "end", log });
  const queue = jobs.open(LETTERS);
  queue.work(async () => ({ word: "" }));
  const added = expect(queue.add("a", { letter: "a" })).rejects.toThrow();
  await eventually("it is said", () => log.complaints.length > 0);
  await jobs[Symbol.asyncDispose]();
  await added;
});
