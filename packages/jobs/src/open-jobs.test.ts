import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";

const INDEX = fileURLToPath(new URL("index.ts", import.meta.url));

it("without a server nothing is loaded that speaks to one", async () => {
  await using folder = await makeTempFolder();
  const script = `
    const { registerHooks } = await import("node:module");
    const seen = [];
    registerHooks({ load(url, context, next) { seen.push(url); return next(url, context); } });
    const { openJobs } = await import(${JSON.stringify(INDEX)});
    const file = ${JSON.stringify(join(folder.path, "jobs.json"))};
    await using jobs = await openJobs({ file, installation: "", log: console });
    console.log(JSON.stringify(seen));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(stdout).toContain("open-jobs.ts");
  expect(stdout).not.toMatch(/bullmq|ioredis/);
});
