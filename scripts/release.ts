import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { findImages } from "./images/pin-image.ts";
import { readAudit } from "./release/npm-audit.ts";
import { takeSteps, type Outcome, type Step } from "./release/step.ts";

/**
 * `npm run release [-- --offline] [folder]`: what goes before a release. No known weakness in the
 * dependencies, their signatures, a list of all that is in it (CycloneDX, into `folder`), images by digest.
 * Each step says what came of it; one whose server is out of reach is not done, and fails the release.
 * `--offline` leaves those out that need the network, and says so.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { offline: { type: "boolean", default: false } },
});
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const [folder = join(ROOT, "release")] = positionals;
const FILES = ["Dockerfile", "Dockerfile.cuda", "compose.yaml", "compose.gateways.yaml"];

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const npm = (...args: readonly string[]): Promise<Said> =>
  new Promise((resolve) => {
    const options = { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 };
    execFile("npm", args, options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, stdout, stderr }),
    );
  });

const readRoot = (name: string): Promise<string> => readFile(join(ROOT, name), "utf8");

async function checkVersion(): Promise<Outcome> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readRoot("package.json")));
  return (await readRoot("CHANGELOG.md")).includes(`\n## ${version} (`)
    ? { kind: "done", note: `${version} has its changes told` }
    : { kind: "failed", note: `CHANGELOG.md has no section of ${version}` };
}

async function checkSignatures(): Promise<Outcome> {
  const { code, stdout, stderr } = await npm("audit", "signatures");
  if (code === 0) return { kind: "done", note: stdout.trim().replaceAll(/\s*\n\s*/g, "; ") };
  const isUnreached = /network|ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|E40[345]/.test(stderr);
  const note = (stderr.match(/^npm error .*reason: .*$|^npm error .+$/m)?.[0] ?? stderr).slice(
    0,
    200,
  );
  return { kind: isUnreached ? "unreached" : "failed", note };
}

async function writeBill(): Promise<Outcome> {
  const path = join(folder, "upreel.cdx.json");
  const args = ["sbom", "--omit=dev", "--sbom-format", "cyclonedx", "--sbom-type", "application"];
  const { code, stdout, stderr } = await npm(...args);
  if (code !== 0) return { kind: "failed", note: stderr.trim().slice(0, 200) };
  const bill = z
    .looseObject({
      metadata: z.looseObject({ component: z.looseObject({ name: z.string() }) }),
      components: z.array(z.unknown()),
    })
    .parse(JSON.parse(stdout));
  // npm names it after the folder that it is called in.
  bill.metadata.component.name = "upreel";
  await mkdir(folder, { recursive: true });
  await writeFile(path, `${JSON.stringify(bill, undefined, 2)}\n`);
  return { kind: "done", note: `${bill.components.length} packages in ${path}` };
}

async function checkImages(): Promise<Outcome> {
  const images = (await Promise.all(FILES.map(readRoot))).flatMap(findImages);
  const unpinned = images.filter(({ digest }) => digest === undefined);
  const names = [...new Set(unpinned.map(({ name, tag }) => `${name}:${tag}`))];
  return names.length === 0
    ? { kind: "done", note: `${images.length} images are named by digest` }
    : {
        kind: "failed",
        note: `${names.join(", ")} by tag alone: \`npm run pin-images\` asks their registry for the digests, and needs docker and the network`,
      };
}

const STEPS: readonly Step[] = [
  { name: "version", needsNetwork: false, run: checkVersion },
  { name: "bill of materials", needsNetwork: false, run: writeBill },
  {
    ...{ name: "known weaknesses", needsNetwork: true },
    run: async () => readAudit((await npm("audit", "--json", "--omit=dev")).stdout),
  },
  { name: "signatures of packages", needsNetwork: true, run: checkSignatures },
  { name: "images", needsNetwork: true, run: checkImages },
];

const { lines, exitCode } = await takeSteps(STEPS, { isOffline: values.offline });
console.log(lines.join("\n"));
process.exitCode = exitCode;
