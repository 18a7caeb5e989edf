import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { eventually } from "@upreel/testkit";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { takeListeners } from "./job-socket.ts";
import type { TranscodeJob } from "./transcode-job.ts";
import type { TranscodeJobs } from "./transcode-jobs.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());

const JOB = { state: { status: "queued" } } as TranscodeJob;

it("a caller whose line was cut listens no more, and one that is there is kept", async () => {
  const listening = new Set<() => void>();
  const jobs = {
    see: () => JOB,
    answer: () => ({ job_id: "a", status: "queued", progress: 0 }),
    subscribe(_job: TranscodeJob, listener: () => void) {
      listening.add(listener);
      return () => void listening.delete(listener);
    },
  } as unknown as TranscodeJobs;
  const server = createServer().listen(0, "127.0.0.1");
  takeListeners(server, jobs, () => undefined);
  await once(server, "listening");
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws/progress/a`;
  const [there, cut] = [new WebSocket(url), new WebSocket(url, { autoPong: false })];
  await Promise.all([once(there, "message"), once(cut, "message")]);
  expect(listening.size).toBe(2);
  const pinged = Promise.all([once(there, "ping"), once(cut, "ping")]);
  vi.advanceTimersByTime(30_000);
  await pinged;
  // Its answer has come before that of what it says after it.
  there.send("ping");
  await eventually(
    "it is answered",
    async () => String((await once(there, "message"))[0]) === "pong",
  );
  vi.advanceTimersByTime(30_000);
  await once(cut, "close");
  await eventually("it listens no more", () => listening.size === 1);
  expect(there.readyState).toBe(WebSocket.OPEN);
  there.terminate();
  server.close();
});
