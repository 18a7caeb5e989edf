import { expect, it } from "vitest";
import { readAudit } from "./npm-audit.ts";
import { takeSteps, type Outcome, type Step } from "./step.ts";

const step = (name: string, outcome: Outcome["kind"], needsNetwork = false): Step => ({
  ...{ name, needsNetwork },
  run: async () => ({ kind: outcome, note: "so it is" }),
});

it("takes every step, and is ready only when none failed and none was out of reach", async () => {
  const good = await takeSteps([step("a", "done"), step("b", "done", true)], { isOffline: false });
  expect(good).toEqual({
    exitCode: 0,
    lines: ["done      a: so it is", "done      b: so it is", "release: ready"],
  });
  for (const kind of ["failed", "unreached"] as const) {
    const { lines, exitCode } = await takeSteps([step("a", kind), step("b", "done")], {
      isOffline: false,
    });
    expect([lines.at(-1), exitCode]).toEqual(["release: not ready", 1]);
  }
  const thrown: Step = { ...step("a", "done"), run: () => Promise.reject(new Error("no npm")) };
  expect(await takeSteps([thrown], { isOffline: false })).toEqual({
    exitCode: 1,
    lines: ["FAILED    a: Error: no npm", "release: not ready"],
  });
});

it("says what it leaves out without a network", async () => {
  const { lines, exitCode } = await takeSteps([step("audit", "failed", true), step("b", "done")], {
    isOffline: true,
  });
  expect(exitCode).toBe(0);
  expect(lines.at(-1)).toBe("release: ready but for the steps that were left out");
  expect(lines[0]).toMatch(/^left out {2}audit: needs the network/);
});

it("tells a registry that was not asked from one that knows of nothing", () => {
  const found = (total: number): string =>
    JSON.stringify({
      vulnerabilities: total === 0 ? {} : { "some-package": { severity: "high" } },
      metadata: { vulnerabilities: { high: total, total } },
    });
  expect(readAudit(found(0))).toEqual({ kind: "done", note: "no known weakness" });
  expect(readAudit(found(1))).toEqual({
    ...{ kind: "failed", note: "1 known weaknesses: some-package (high)" },
  });
  for (const said of ['{"message":"405 Method Not Allowed"}', '{"error":{}}', "", "<html>"])
    expect(readAudit(said).kind).toBe("unreached");
});
