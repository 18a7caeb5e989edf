import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runToEnd } from "@upreel/processes";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { z } from "zod";
import { openSandbox } from "./sandbox.ts";

const FOREIGN = { isForeign: true, env: { PATH: process.env["PATH"] ?? "" } };
const PATIENT = { longestMs: 60_000, schema: z.unknown() };

it("runs a program with what this machine has, or says what it lacks", async () => {
  await using data = await makeTempFolder();
  await using scratch = await makeTempFolder();
  await using other = await makeTempFolder();
  const sandbox = await openSandbox(new AbortController().signal, 1);
  expect(sandbox.missing === undefined).toBe(sandbox.kind === "bubblewrap");
  if (sandbox.kind === "none") expect(sandbox.missing).toContain("bubblewrap");
  const secret = join(data.path, "secret");
  await writeFile(secret, "secret");
  const reach = { writable: [scratch.path], hidden: [data.path], shown: [] };
  const script = `
    const fs = require("node:fs");
    fs.writeFileSync(${JSON.stringify(join(scratch.path, "mine"))}, "mine");
    const can = (work) => { try { work(); return true; } catch { return false; } };
    console.log(JSON.stringify({
      reads: can(() => fs.readFileSync(${JSON.stringify(secret)})),
      writes: can(() => fs.writeFileSync(${JSON.stringify(join(other.path, "theirs"))}, "theirs")),
      networks: Object.keys(require("node:os").networkInterfaces()).filter((name) => name !== "lo").length,
      niceness: require("node:os").getPriority(),
      groups: fs.existsSync("/proc/self/autogroup") ? fs.readFileSync("/proc/self/autogroup", "utf8") : "",
      others: fs.existsSync("/proc/${process.pid}/status"),
    }));`;
  const command = sandbox.wrap([process.execPath, "-e", script], reach);
  const { answer, stderr } = await runToEnd({ command, stderr: "tail", ...FOREIGN }, PATIENT);
  expect(stderr).toBe("");
  expect(await readFile(join(scratch.path, "mine"), "utf8")).toBe("mine");
  const isOpen = sandbox.kind === "none";
  expect(answer).toMatchObject({ reads: isOpen, writes: isOpen, others: isOpen });
  expect(answer).not.toMatchObject({ niceness: 0 });
  // As a process of its own session, as plugins are; empty where the kernel does not group by sessions.
  expect(answer).toMatchObject({ groups: expect.stringMatching(/^$| nice 1\n/) });
  if (!isOpen) expect(answer).toMatchObject({ networks: 0 });
});

it("bounds the memory that a program takes", async () => {
  const sandbox = await openSandbox(new AbortController().signal, 0);
  const reach = { writable: [], hidden: [], shown: [] };
  const command = sandbox.wrap(["sh", "-c", "ulimit -d"], reach);
  const { answer } = await runToEnd({ command, stderr: "tail" }, PATIENT);
  expect(answer).toBe((4 * 1024 ** 3) / 1024);
});
