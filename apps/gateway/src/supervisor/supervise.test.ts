import { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { makeRecordingLog } from "@upreel/testkit";
import { expect, it } from "vitest";
import { startGateway, type Caller, type RunningGateway } from "./running-gateway.ts";
import { supervise } from "./supervise.ts";

/** A gateway that does as it is told; nothing runs. */
function fakeGateways() {
  const started: {
    readonly exit: (code: number) => void;
    readonly askForRestart: () => void;
    readonly callers: Caller[];
  }[] = [];
  const start = (_: readonly string[], onReady: () => void): RunningGateway => {
    const { promise: exited, resolve } = Promise.withResolvers<{ code: number; signal: null }>();
    const callers: Caller[] = [];
    const exit = (code: number): void => resolve({ code, signal: null });
    const child = new ChildProcess();
    child.kill = () => {
      exit(0);
      return true;
    };
    let isToRestart = false;
    const askForRestart = (): void => {
      isToRestart = true;
      exit(0);
    };
    started.push({ exit, askForRestart, callers });
    queueMicrotask(onReady);
    return {
      ...{ child, exited, isReady: true, hasBeenReady: true },
      get isToRestart() {
        return isToRestart;
      },
      hand: (caller) => void callers.push(caller),
      untaken: () => [],
    };
  };
  return { started, start };
}

const listening = Promise.withResolvers<string>();
const options = {
  api: { host: "127.0.0.1", port: 0 },
  proxy: undefined,
  firstArguments: ({ api }: { api: string }) => {
    listening.resolve(api);
    return [];
  },
  nextArguments: () => [],
};

it("starts no gateway any more when it is told to stop while it waits to start one again", async () => {
  const { started, start } = fakeGateways();
  const stop = new AbortController();
  const log = makeRecordingLog();
  const ended = supervise({ ...options, log, stop: stop.signal, start });
  const socket = connect(Number(new URL(await listening.promise).port), "127.0.0.1");
  await once(socket, "connect");
  for (let n = 0; n < 3; n++) {
    while (started.length <= n) await new Promise((resolve) => setImmediate(resolve));
    started[n]?.exit(1);
  }
  while (log.entries.length < 3) await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  expect(await ended).toBe(0);
  expect(started).toHaveLength(3);
  socket.destroy();
});

it("starts another gateway at once when one asks for it, and ends where other doors are needed", async () => {
  const { started, start } = fakeGateways();
  const log = makeRecordingLog();
  const answers = [true, false];
  const ended = supervise({
    ...{ ...options, log, start, stop: new AbortController().signal },
    isAsBefore: () => answers.shift() ?? true,
  });
  for (let n = 0; n < 2; n++) {
    while (started.length <= n) await new Promise((resolve) => setImmediate(resolve));
    started[n]?.askForRestart();
  }
  expect(await ended).toBe("again");
  expect(started).toHaveLength(2);
  expect(log.entries.filter(({ level }) => level === "error")).toEqual([]);
});

it("takes a gateway that cannot even be started for one that ended", async () => {
  const { execPath } = process;
  // A file in place of a folder: one of the errors that Node throws.
  process.execPath = `${execPath}/node`;
  try {
    const ended = await startGateway([], () => undefined).exited;
    expect(ended).toEqual({ code: 1, signal: null });
  } finally {
    process.execPath = execPath;
  }
});
