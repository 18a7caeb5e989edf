import { glob, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const RECURSIVE_MKDIR = /\bmkdir(?:Sync)?\((?:[^()]|\([^()]*\))*recursive: true/;

it("no folder is made by Node's recursive mkdir, which says ENOENT of a read-only disk: makeFolder does it", async () => {
  const found: string[] = [];
  for await (const path of glob(["packages/*/src/**/*.ts", "apps/*/src/**/*.ts"], { cwd: ROOT })) {
    if (/\.test\.ts$|\/test-run\.ts$|\/testing\/|^packages\/testkit\//.test(path)) continue;
    if (RECURSIVE_MKDIR.test(await readFile(`${ROOT}/${path}`, "utf8"))) found.push(path);
  }
  expect(found).toEqual([]);
  expect("await mkdir(dirname(path), { recursive: true });").toMatch(RECURSIVE_MKDIR);
});
