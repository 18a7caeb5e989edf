import { eventually } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readLines } from "./read-lines.ts";
import { runToEnd } from "./run-to-end.ts";
import { startPeer } from "./start-peer.ts";

const schema = z.object({ n: z.number() });
const node = (script: string): readonly [string, ...string[]] => [
  process.execPath,
  ...["--input-type=module", "-e", script],
];
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
/** Longer than any test. */
const PATIENT = { longestMs: 600_000, schema };

describe("a process that is run for one answer", () => {
  it("answers by its last line, whatever drivers print before it", async () => {
    const script = `console.log("driver 1.2"); console.log('{"n":7}'); console.error("noise")`;
    const outcome = await runToEnd({ command: node(script), stderr: "tail" }, PATIENT);
    expect(outcome).toMatchObject({ answer: { n: 7 }, exitCode: 0, isTimedOut: false });
    expect(outcome.stderr).toBe("noise");
  });

  it.each([
    ["process.exit(3)", "exit code 3"],
    ["console.log('{'); process.exit(1)", "exit code 1"],
    [`console.log('{"n":"one"}')`, "exit code 0"],
    ["process.kill(process.pid, 'SIGKILL')", "killed by SIGKILL"],
  ])("%s: tells how it went without one", async (script, how) => {
    const outcome = await runToEnd({ command: node(script), stderr: "ignore" }, PATIENT);
    expect(outcome).toMatchObject({ answer: undefined, how, isTimedOut: false });
  });

  it("is killed when it takes too long, though it goes on printing", async () => {
    const script = `setInterval(() => console.log('{}'), 10)`;
    const bounds = { longestMs: 500, schema };
    const outcome = await runToEnd({ command: node(script), stderr: "ignore" }, bounds);
    expect(outcome).toMatchObject({ answer: undefined, isTimedOut: true, signal: "SIGKILL" });
  });

  it("is killed when nobody wants it any more, with the reason that was given", async () => {
    const given = new AbortController();
    const order = { command: node("setInterval(() => {}, 1000)"), stderr: "ignore" } as const;
    const running = runToEnd({ ...order, signal: given.signal }, PATIENT);
    given.abort(new Error("not wanted"));
    await expect(running).rejects.toThrow("not wanted");
  });

  it("is killed when it prints without end, and costs no memory", async () => {
    const script = `const x = "x".repeat(1 << 16); const go = () => { while (process.stdout.write(x)); process.stdout.once("drain", go); }; go()`;
    const outcome = await runToEnd({ command: node(script), stderr: "ignore" }, PATIENT);
    expect(outcome).toMatchObject({ answer: undefined, signal: "SIGKILL" });
  });
});

describe("lines of a process", () => {
  it("come one by one; who stops reading ends it", async () => {
    const script = `console.log(process.pid); process.stdout.write("a"); process.stdout.write("é\\n"); setInterval(() => {}, 1000)`;
    const lines: string[] = [];
    for await (const line of readLines(
      { command: node(script), stderr: "ignore" },
      { silenceMs: 600_000 },
    )) {
      lines.push(line);
      if (lines.length === 2) break;
    }
    expect(lines[1]).toBe("aé");
    await eventually("its end", () => !isAlive(Number(lines[0])));
  });

  it("that stop coming end it", async () => {
    const order = { command: node("setInterval(() => {}, 1000)"), stderr: "ignore" } as const;
    const reading = readLines(order, { silenceMs: 300 });
    expect(await reading.next()).toMatchObject({ done: true, value: { isTimedOut: true } });
  });
});

describe("a process that is spoken with", () => {
  const ECHO = `process.on("message", (m) => process.send(m.n === 0 ? "nonsense" : { n: m.n + 1 })); process.on("disconnect", () => process.exit())`;

  it("is told and tells what is agreed; what is not, and whoever fails to take it, ends nothing", async () => {
    const told: number[] = [];
    const trouble: unknown[] = [];
    const peer = startPeer<{ n: number }, { n: number }>(
      { command: node(ECHO), stderr: "tail" },
      {
        schema,
        onMessage({ n }) {
          told.push(n);
          if (n === 2) throw new Error("not taken");
        },
        onTrouble: ({ message }) => trouble.push(message),
      },
    );
    for (const n of [1, 0, 2]) peer.send({ n });
    await eventually("the last answer", () => told.includes(3));
    expect(told).toEqual([2, 3]);
    expect(trouble).toEqual([{ n: 2 }, "nonsense"]);
    expect(peer.isAlive).toBe(true);
    peer.kill();
    expect(await peer.ended).toMatchObject({ signal: "SIGKILL", isGivenUp: true });
    expect(peer.isAlive).toBe(false);
    peer.send({ n: 1 });
  });

  it("that dies by itself is not given up, and its last words are kept", async () => {
    const peer = startPeer<{ n: number }, { n: number }>(
      {
        command: node(`console.error("x".repeat(5000) + "last words"); process.exit(9)`),
        stderr: "tail",
      },
      { schema, onMessage: () => undefined },
    );
    const end = await peer.ended;
    expect(end).toMatchObject({ how: "exit code 9", isGivenUp: false });
    expect(end.stderr.length).toBeLessThanOrEqual(2_000);
    expect(end.stderr.endsWith("last words")).toBe(true);
  });
});
