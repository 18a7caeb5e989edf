import { glob, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { z } from "zod";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));
const RECURSIVE_MKDIR = /\bmkdir(?:Sync)?\((?:[^()]|\([^()]*\))*recursive: true/;
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

/** The imports that lead from a folder back to itself; none where there is no cycle. */
function findCycle(edges: Map<string, Map<string, string>>): string[] {
  /** Folders from which no cycle can be reached. */
  const cleared = new Set<string>();
  const follow = (node: string, path: readonly string[], imports: readonly string[]): string[] => {
    const at = path.indexOf(node);
    if (at >= 0) return imports.slice(at);
    if (cleared.has(node)) return [];
    for (const [next, example] of edges.get(node) ?? []) {
      const cycle = follow(next, [...path, node], [...imports, example]);
      if (cycle.length > 0) return cycle;
    }
    cleared.add(node);
    return [];
  };
  for (const node of edges.keys()) {
    const cycle = follow(node, [], []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

/** All folders that hold folders, of the packages, the programs and the pages. */
async function foldersOfFolders(): Promise<string[]> {
  const found = new Set<string>();
  const packages = glob("{packages,apps}/*/src", { cwd: REPOSITORY });
  for await (const top of packages)
    for (const path of await sourcesIn(join(REPOSITORY, top))) {
      const names = path.split("/");
      for (let depth = 0; depth < names.length - 1; depth += 1)
        found.add(posix.join(top, ...names.slice(0, depth)));
    }
  return [...found].sort();
}

it.each(await foldersOfFolders())(
  "the folders of %s import each other in one direction only",
  async (folder) => {
    expect(findCycle(await importsBetween(join(REPOSITORY, folder)))).toEqual([]);
  },
);

it("finds a cycle of folders and says which imports make it", async () => {
  await using folder = await makeTempFolder();
  const files = {
    "a/1.ts": 'import { two } from "../b/2.ts";',
    "b/3.ts": 'export * from "../c/4.ts";',
    "c/5.ts": 'const six = await import("../b/6.ts");',
    // Tests may import what they like.
    "c/5.test.ts": 'import "../a/1.ts";',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder.path, posix.dirname(path)), { recursive: true });
    await writeFile(join(folder.path, path), text);
  }
  expect(findCycle(await importsBetween(folder.path))).toEqual([
    "b/3.ts imports c/4.ts",
    "c/5.ts imports b/6.ts",
  ]);
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
    const named = [...list.matchAll(/`([^`]+\.ts)`/g)].map(([, name = ""]) => name);
    expect(named.length).toBeLessThanOrEqual(15);
    let folder = "";
    for (const name of named) {
      // Without a folder: beside the one before.
      if (name.includes("/")) folder = posix.dirname(name);
      const path = join(REPOSITORY, folder, posix.basename(name));
      await expect(readFile(path, "utf8"), path).resolves.toBeTruthy();
    }
  }
});

it("no folder is made by Node's recursive mkdir, which says ENOENT of a read-only disk: makeFolder does it", async () => {
  const found: string[] = [];
  for await (const path of glob(["packages/*/src/**/*.ts", "apps/*/src/**/*.ts"], {
    cwd: REPOSITORY,
  })) {
    if (/\.test\.ts$|\/testing\/|^packages\/testkit\//.test(path)) continue;
    if (RECURSIVE_MKDIR.test(await readFile(join(REPOSITORY, path), "utf8"))) found.push(path);
  }
  expect(found).toEqual([]);
  expect("await mkdir(dirname(path), { recursive: true });").toMatch(RECURSIVE_MKDIR);
});
