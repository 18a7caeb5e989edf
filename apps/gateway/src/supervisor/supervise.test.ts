import { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { eventually, makeRecordingLog } from "@upreel/testkit";
import { expect, it } from "vitest";
import { listenOn } from "../http/server/listen-on.ts";
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
    await eventually("it is started", () => started.length > n);
    started[n]?.exit(1);
  }
  await eventually("each end is told", () => log.entries.length >= 3);
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
    await eventually("it is started", () => started.length > n);
    started[n]?.askForRestart();
  }
  expect(await ended).toBe("again");
  expect(started).toHaveLength(2);
  expect(log.entries.filter(({ level }) => level === "error")).toEqual([]);
});

it("starts a gateway again at the same doors where what is set now cannot be read", async () => {
  const { started, start } = fakeGateways();
  const stop = new AbortController();
  const log = makeRecordingLog();
  const ended = supervise({
    ...{ ...options, log, start, stop: stop.signal },
    isAsBefore: () => {
      throw new Error("no JSON");
    },
  });
  await eventually("it is started", () => started.length > 0);
  started[0]?.askForRestart();
  await eventually("it is started again", () => started.length > 1);
  expect(log.entries.filter(({ level }) => level === "error")).toHaveLength(1);
  stop.abort();
  expect(await ended).toBe(0);
});

it("starts a gateway again that does not come up after a restart that was asked for", async () => {
  const { started, start } = fakeGateways();
  const stop = new AbortController();
  const neverReady: typeof start = (args) => {
    const gateway = start(args, () => undefined);
    return Object.defineProperties(gateway, { hasBeenReady: { value: false } });
  };
  const ended = supervise({
    ...{ ...options, log: makeRecordingLog(), isAgain: true, stop: stop.signal },
    start: neverReady,
  });
  await eventually("it is started", () => started.length > 0);
  started[0]?.exit(1);
  await eventually("it is started again", () => started.length > 1);
  stop.abort();
  await ended;
});

it("leaves no door open where another one cannot be opened", async () => {
  const taken = createServer();
  const { url } = await listenOn(taken, { host: "127.0.0.1", port: 0 });
  const port = Number(new URL(url).port);
  const { start } = fakeGateways();
  const opened: string[] = [];
  const log = makeRecordingLog();
  const door = { door: "service", setting: "AI_SERVICE_PORT", who: "a plugin" } as const;
  const failing = supervise({
    ...{ ...options, start, log, stop: new AbortController().signal },
    others: [
      { ...door, host: "127.0.0.1", port: 0 },
      { ...door, host: "127.0.0.1", port },
    ],
  });
  await expect(failing).rejects.toThrow("is already in use");
  for (const { message } of log.entries) opened.push(...(message.match(/http:\S+/g) ?? []));
  expect(opened).toHaveLength(1);
  for (const each of opened) {
    const socket = connect(Number(new URL(each).port), "127.0.0.1");
    await expect(once(socket, "connect")).rejects.toThrow("ECONNREFUSED");
  }
  taken.close();
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
