import { expect, it } from "vitest";
import { good } from "./findings.ts";
import { keepFindings } from "./keep-findings.ts";

it("looks once for many, keeps what it found for a while, and looks anew when asked", async () => {
  let looks = 0;
  let nowMs = 0;
  const findings = keepFindings(
    async () => [good("look", "runtime_works", { backends: ++looks })],
    () => nowMs,
  );
  await Promise.all([findings(false), findings(false), findings(true)]);
  expect(looks).toBe(1);
  nowMs += 60_000;
  await findings(false);
  expect(looks).toBe(1);
  await findings(true);
  expect(looks).toBe(2);
  nowMs += 3_600_000;
  expect((await findings(false))[0]?.values).toEqual({ backends: 3 });
});
