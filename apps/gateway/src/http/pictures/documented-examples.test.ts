import { spawn, spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SMALL_PNG } from "../../testing/small-png.ts";
import { startTestApp, type TestApp } from "../../testing/start-app.ts";

/** The page whose examples people copy. */
const DOORS = new URL("../../../../../docs/doors.md", import.meta.url);

const hasPython = spawnSync("python3", ["--version"]).status === 0;

let app: TestApp;
let page = "";
beforeAll(async () => {
  app = await startTestApp({ API_TOKEN: "your-token" });
  page = await readFile(DOORS, "utf8");
});
afterAll(() => app[Symbol.asyncDispose]());

/** An example below a heading, for the gateway of this test. */
function example(heading: string, language: "python" | "ts"): string {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const [, code = ""] = section.split(`\`\`\`${language}\n`);
  const { hostname, port } = new URL(app.url);
  return (code.split("```")[0] ?? "")
    .replaceAll("127.0.0.1:5000", `${hostname}:${port}`)
    .replaceAll('"127.0.0.1", 5000', `"${hostname}", ${port}`);
}

/** What a program says, which ends well. */
async function run(program: string, words: readonly string[], cwd: string): Promise<Buffer> {
  const child = spawn(program, words, { cwd, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const said = Buffer.concat(await child.stdout.toArray());
  expect(await ended).toBe(0);
  return said;
}

it("the example for pictures in TypeScript upscales one", async () => {
  await using folder = await makeTempFolder();
  await writeFile(join(folder.path, "photo.jpg"), SMALL_PNG);
  await writeFile(join(folder.path, "picture.mts"), example("Pictures", "ts"));
  await run(process.execPath, ["picture.mts"], folder.path);
  expect((await readFile(join(folder.path, "large.jpg"))).readUInt32BE(16)).toBe(6);
});

it.for([
  [
    "Python",
    "python",
    "python3",
    "frames.py",
    `
import sys
for frame in upscale(bytes([shade]) * (WIDTH * HEIGHT * 3) for shade in (40, 200)):
    sys.stdout.buffer.write(frame)
`,
  ],
  [
    "TypeScript",
    "ts",
    process.execPath,
    "frames.mts",
    `
import { Readable } from "node:stream";
const frames = [40, 200].map((shade) => Buffer.alloc(640 * 360 * 3, shade));
await upscale(Readable.from(frames), process.stdout, { width: 640, height: 360 });
`,
  ],
] as const)(
  "the example for frames in %s gets each in twice the size, in order",
  async ([, language, program, file, use], { skip }) => {
    skip(language === "python" && !hasPython, "python3 is not here");
    await using folder = await makeTempFolder();
    await writeFile(join(folder.path, file), example("Frames", language) + use);
    const bytes = await run(program, [file], folder.path);
    const frameBytes = 1280 * 720 * 3;
    expect(bytes).toHaveLength(2 * frameBytes);
    expect([bytes[0], bytes[frameBytes]]).toEqual([40, 200]);
  },
);
