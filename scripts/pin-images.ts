import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findImages, pinned, readDigest } from "./images/pin-image.ts";

/**
 * `npm run pin-images [-- --check]`: writes the digest of every image that the Dockerfiles and
 * compose files name behind its tag, so that the same bytes are used everywhere (needs docker and the network).
 * `--check` writes nothing and fails where one has none.
 */
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FILES = ["Dockerfile", "Dockerfile.cuda", "compose.yaml", "compose.gateways.yaml"];

const isCheck = process.argv.includes("--check");
for (const file of FILES) {
  const path = join(ROOT, file);
  let text = await readFile(path, "utf8");
  for (const image of findImages(text)) {
    if (isCheck && image.digest !== undefined) continue;
    if (isCheck) {
      console.error(`${file}: ${image.name}:${image.tag} has no digest`);
      process.exitCode = 1;
      continue;
    }
    try {
      text = pinned(text, image, await readDigest(image));
      console.log(`${file}: ${image.name}:${image.tag} is pinned`);
    } catch (error) {
      console.error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
  if (!isCheck) await writeFile(path, text);
}
