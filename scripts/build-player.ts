import { createHash } from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PLAYER = join(ROOT, "apps/player");
const STAMP = join(PLAYER, "dist/.stamp");

/**
 * Builds the web pages (`apps/player/dist`) when their sources or the lock file are others than at the
 * last build. The stamp holds contents, since a checkout changes times. Also vitest's set-up of the
 * tests that open pages.
 */
export default async function buildPlayer(): Promise<void> {
  const wanted = hashSources();
  if (readStamp() === wanted) return;
  console.error("setup: building the web pages (vite)");
  const { build } = await import("vite");
  await build({ root: PLAYER, configFile: join(PLAYER, "vite.config.ts"), logLevel: "warn" });
  writeFileSync(STAMP, wanted);
}

function hashSources(): string {
  const sources = globSync(["*.{html,ts,json}", "{build,public,src,watch}/**"], {
    cwd: PLAYER,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const hash = createHash("sha256");
  for (const path of [...sources, join(ROOT, "package-lock.json")])
    hash.update(path.slice(ROOT.length)).update("\0").update(readFileSync(path));
  return hash.digest("hex");
}

function readStamp(): string | undefined {
  try {
    return readFileSync(STAMP, "utf8");
  } catch {
    return undefined;
  }
}

if (import.meta.main) await buildPlayer();
