import { expect, it } from "vitest";
import { createPluginLog } from "./plugin-log.ts";

const pino = (level: number, msg: string, more: object = {}) =>
  JSON.stringify({ level, time: 1, pluginId: "mine", msg, ...more });

it("takes lines of pino with their levels, and all others as they are", () => {
  const log = createPluginLog(() => 7);
  log.take(pino(20, "looks"));
  log.take(pino(30, "found"));
  log.take(pino(40, "slow"));
  log.take(pino(50, "failed", { err: { name: "Error", message: "no disk", stack: "at x" } }));
  log.take(pino(60, "ends", { err: "no object" }));
  log.take("plain\r");
  log.take('{"level": "high"}');
  log.take("{ broken");
  log.take("  ");
  expect(log.lines().map(({ level, text }) => `${level} ${text}`)).toEqual([
    ...["debug looks", "info found", "warn slow", "error failed: no disk", "error ends"],
    ...["info plain", 'info {"level": "high"}', "info { broken"],
  ]);
  expect(log.lines()[0]?.atMs).toBe(7);
});

it("keeps the last lines alone, and no more of one than can be read", () => {
  const log = createPluginLog(() => 0);
  for (let n = 0; n < 600; n += 1) log.take(`line ${n} ${"x".repeat(5_000)}`);
  const lines = log.lines();
  expect(lines).toHaveLength(500);
  expect(lines[0]?.text).toMatch(/^line 100 x/);
  expect(lines.every(({ text }) => text.length <= 2_000)).toBe(true);
});
