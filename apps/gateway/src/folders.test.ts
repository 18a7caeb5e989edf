import { glob, readdir, readFile } from "node:fs/promises";
import { join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { z } from "zod";

const REPOSITORY = fileURLToPath(new URL("../../..", import.meta.url));
const IMPORTED = /(?:from|import)\s*\(?\s*"(\.[^"]+)"/g;

/** Files that run, by their path from `folder`. */
async function sourcesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !/\.test\.tsx?$/.test(path) && !path.split("/").includes("testing"));
}

/** Which folder (or file beside the folders) imports which other one, and an example. */
async function importsBetween(folder: string): Promise<Map<string, Map<string, string>>> {
  const nodeOf = (path: string): string => path.split("/")[0] ?? path;
  const edges = new Map<string, Map<string, string>>();
  for (const path of await sourcesIn(folder)) {
    const text = await readFile(join(folder, path), "utf8");
    for (const [, specifier = ""] of text.matchAll(IMPORTED)) {
      const target = posix.join(posix.dirname(path), specifier);
      const [from, to] = [nodeOf(path), nodeOf(target)];
      if (target.startsWith("..") || from === to) continue;
      const known = edges.get(from) ?? new Map<string, string>();
      edges.set(from, known.set(to, `${path} imports ${target}`));
    }
  }
  return edges;
}

/** The imports of a way that leads from a folder back to it; none where there is no knot. */
function findKnot(edges: Map<string, Map<string, string>>): string[] {
  const isDone = new Set<string>();
  const follow = (node: string, way: readonly string[], said: readonly string[]): string[] => {
    const at = way.indexOf(node);
    if (at >= 0) return said.slice(at);
    if (isDone.has(node)) return [];
    for (const [next, example] of edges.get(node) ?? []) {
      const knot = follow(next, [...way, node], [...said, example]);
      if (knot.length > 0) return knot;
    }
    isDone.add(node);
    return [];
  };
  for (const node of edges.keys()) {
    const knot = follow(node, [], []);
    if (knot.length > 0) return knot;
  }
  return [];
}

it.each([
  ...["apps/gateway/src", "apps/gateway/src/http", "packages/engine/src", "packages/streams/src"],
  ...["packages/watcher/src", "packages/jellyfin/src", "packages/core/src"],
  ...["packages/sources/src", "packages/workers/src", "packages/pipeline/src", "apps/worker/src"],
  ...["packages/media/src", "packages/scan/src", "packages/files/src", "packages/processes/src"],
  ...["packages/webhooks/src", "packages/jobs/src"],
])("the folders of %s import each other in one direction only", async (folder) => {
  expect(findKnot(await importsBetween(join(REPOSITORY, folder)))).toEqual([]);
});

it("finds a knot and says which imports make it", () => {
  const edges = new Map([
    ["a", new Map([["b", "a/1.ts imports b/2.ts"]])],
    ["b", new Map([["c", "b/3.ts imports c/4.ts"]])],
    ["c", new Map([["b", "c/5.ts imports b/6.ts"]])],
  ]);
  expect(findKnot(edges)).toEqual(["b/3.ts imports c/4.ts", "c/5.ts imports b/6.ts"]);
});

const manifestSchema = z.object({
  name: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
});

it("the table of the architecture says which package imports which", async () => {
  const text = await readFile(join(REPOSITORY, "docs/architecture.md"), "utf8");
  const rows = [...text.matchAll(/^\| `([\w/-]+)` \|.*\| ([^|]+) \|$/gm)];
  const told = rows.map(([, name = "", may = ""]) => [
    name.includes("/") ? name : `packages/${name}`,
    [...may.matchAll(/`([\w-]+)`/g)].map(([, each = ""]) => each).sort(),
  ]);
  const found: [string, string[]][] = [];
  for await (const path of glob(["packages/*/package.json", "apps/*/package.json"], {
    cwd: REPOSITORY,
  })) {
    const json: unknown = JSON.parse(await readFile(join(REPOSITORY, path), "utf8"));
    const names = Object.keys(manifestSchema.parse(json).dependencies);
    const own = names.filter((name) => name.startsWith("@upreel/"));
    found.push([posix.dirname(path), own.map((name) => name.slice("@upreel/".length)).sort()]);
  }
  // Types alone make no dependency of its own.
  const isPlayer = ([name]: readonly unknown[]): boolean => name === "apps/player";
  expect(Object.fromEntries(told.filter((row) => !isPlayer(row)))).toEqual(
    Object.fromEntries(found.filter((row) => !isPlayer(row))),
  );
});

it("the reading lists of the architecture name files that are there, at most 15 each", async () => {
  const text = await readFile(join(REPOSITORY, "docs/architecture.md"), "utf8");
  const lists = text.match(/(?:^\d+\. `(?:apps|packages)\/.*\n)+/gm) ?? [];
  expect(lists).toHaveLength(3);
  for (const list of lists) {
    const lines = list.trim().split("\n");
    expect(lines.length).toBeLessThanOrEqual(15);
    for (const line of lines) {
      const path = /`([^`]+)`/.exec(line)?.[1] ?? "";
      await expect(readFile(join(REPOSITORY, path), "utf8"), path).resolves.toBeTruthy();
    }
  }
});
