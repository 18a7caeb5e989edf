import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { PLAIN_SCALER, type RungMeasurement } from "@upreel/core";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { measureInProcess } from "./measure-in-process.ts";

it("a driver that hangs is told from one that ends its process", async () => {
  await using folder = await makeTempFolder();
  const rung = { model: PLAIN_SCALER, provider: "webgpu" };
  const gotFrom = async (script: string, longestMs?: number): Promise<string | undefined> => {
    const file = join(folder.path, "try.ts");
    await writeFile(file, script);
    const signal = new AbortController().signal;
    const told: RungMeasurement[] = [];
    for await (const each of measureInProcess([{ rung }], signal, file, longestMs)) told.push(each);
    const measurement = told[0]?.measurement;
    return measurement?.outcome === "refused" ? measurement.reason.got : undefined;
  };
  expect(await gotFrom("setInterval(() => {}, 1000)", 500)).toBe("nothing for 0.5 s: it hangs");
  expect(await gotFrom("process.exit(4)")).toBe("exit code 4");
});
