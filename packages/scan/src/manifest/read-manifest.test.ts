import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { readManifest } from "./read-manifest.ts";

const GOOD = {
  ...{ id: "@someone/good", name: "Good", version: "1.2.3-beta", engine: "python" },
  ...{ entry: "main.py", capabilities: ["media-scan"], aviato: { minVersion: "1.0.0" } },
};

async function read(manifest: unknown, prepare?: (folder: string) => Promise<void>) {
  await using folder = await makeTempFolder();
  await writeFile(join(folder.path, "main.py"), "");
  const text = typeof manifest === "string" ? manifest : JSON.stringify(manifest);
  await writeFile(join(folder.path, "plugin.json"), text);
  await prepare?.(folder.path);
  return await readManifest(folder.path);
}

it("reads what Aviato's plugins say of themselves", async () => {
  const whole = {
    ...GOOD,
    mediaTypes: { tv: { episodic: true, queueStyle: "panel" } },
    configuration: [{ key: "depth", label: "Depth", input: "slider", min: 0, max: 3, default: 1 }],
    accounts: { label: "Account", schema: [{ key: "name", label: "Name" }] },
    subscriptions: { events: ["library.item.*"], hooks: [{ name: "pipeline.probe.afterProcess" }] },
    rateLimit: { maxConcurrency: 2, requests: [{ max: 5, window: "10s" }] },
    network: { bypassPrivacyProxy: true, reason: "why not" },
    homepage: "https://example.com/x",
  };
  expect(await read(whole)).toMatchObject({ manifest: { id: "@someone/good", engine: "python" } });
});

it.each([
  ["colour", { ...GOOD, colour: "red" }],
  ["id", { ...GOOD, id: "../up" }],
  ["version", { ...GOOD, version: "one" }],
  ["engine", { ...GOOD, engine: "perl" }],
  ["capabilities.1", { ...GOOD, capabilities: ["media-scan", "ui"] }],
  ["configuration.0.input", { ...GOOD, configuration: [{ key: "a", label: "b", input: "c" }] }],
  [
    "subscriptions.hooks.0.order",
    { ...GOOD, subscriptions: { hooks: [{ name: "a", order: 101 }] } },
  ],
  ["entry", { ...GOOD, entry: "../../etc/passwd" }],
  ["entry", { ...GOOD, entry: "gone.py" }],
  ["entry", { ...GOOD, entry: "." }],
])("says that %s is wrong, and where", async (path, manifest) => {
  const { issues } = (await read(manifest)) as { issues: { path: string; message: string }[] };
  expect(issues.map((issue) => `${issue.path} ${issue.message}`).join("\n")).toContain(path);
});

it.each(["", "[]", "null", "{", " ".repeat(300_000)])("refuses %j", async (text) => {
  expect(await read(text.slice(0, 300_000))).toHaveProperty("issues");
});

it("refuses an entry that leads out of its folder by a link", async () => {
  const answer = await read({ ...GOOD, entry: "link/passwd" }, async (folder) => {
    await mkdir(join(folder, "x"));
    await symlink("/etc", join(folder, "link"));
  });
  expect(answer).toMatchObject({ issues: [{ path: "entry" }] });
});
