import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);

/** Prints what is loaded of packages that are large, or run in a native library. */
const LIST = `
import { registerHooks } from "node:module";
const loaded = new Set();
registerHooks({
  load(url, context, next) {
    const found = /node_modules\\/(onnxruntime-node|@bufbuild\\/protobuf|sharp)\\//.exec(url);
    if (found !== null) loaded.add(found[1]);
    return next(url, context);
  },
});
await import(process.argv[1]);
console.log(JSON.stringify([...loaded]));
`;

it.each(["upscaler", "pipeline"])(
  "%s is imported by gateway or worker without what they need later, or never",
  async (name) => {
    const index = fileURLToPath(new URL(`../../${name}/src/index.ts`, import.meta.url));
    const args = ["--input-type=module", "--eval", LIST, index];
    const { stdout } = await run(process.execPath, args);
    expect(JSON.parse(stdout)).toEqual([]);
  },
);
