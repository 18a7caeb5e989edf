import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";

const MODELS = fileURLToPath(new URL("../models/", import.meta.url));

it("a network that runs leaves nothing in the user's home, by which its runtime would report", async () => {
  await using folder = await makeTempFolder();
  await using home = await makeTempFolder();
  const file = readdirSync(MODELS).find((name) => /^upreel-x2-.*\.onnx$/.test(name)) ?? "";
  const model = { id: "net", file: join(MODELS, file), kind: "luma", pixelFormat: "yuv444p" };
  const script = join(folder.path, "load.ts");
  await writeFile(
    script,
    `import { createUpscaler } from ${JSON.stringify(import.meta.resolve("./index.ts"))};
const model = ${JSON.stringify({ ...model, scale: 2 })} as const;
const upscaler = createUpscaler({ threads: 1 });
await upscaler.load({ model, provider: "cpu" });
console.log("loaded");
process.kill(process.pid, "SIGKILL");`,
  );
  const { ORT_DISABLE_TELEMETRY: _, XDG_CACHE_HOME: __, ...rest } = process.env;
  const env = { ...rest, HOME: home.path, TMPDIR: folder.path };
  const loading = promisify(execFile)(process.execPath, [script], { env });
  await expect(loading).rejects.toMatchObject({ stdout: "loaded\n", signal: "SIGKILL" });
  expect(await readdir(home.path)).toEqual([]);
  expect(await readdir(folder.path)).toEqual(["load.ts"]);
});
