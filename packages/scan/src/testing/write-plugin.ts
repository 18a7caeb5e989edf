import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * A plugin that speaks the protocol by hand: `say(object)`, `answer(id, result)`, and `methods` by their names, which
 * `script` may change before `ready` is said.
 */
const BY_HAND = `
const say = (o) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...o }) + "\\n");
const answer = (id, result) => say({ id, result });
const methods = {
  ping: (id) => answer(id, { pong: true }),
  shutdown: (id) => { answer(id, { ok: true }); setTimeout(() => process.exit(0), 10); },
  "mediaScan.algorithmVersion": (id) => answer(id, { algorithmVersion: "1" }),
  "mediaScan.scanSingle": (id, { file }) => answer(id, found([file])),
  "mediaScan.scanBatch": (id, { files }) => answer(id, found(files)),
};
const found = (files) => ({
  fingerprints: files.map(({ fileId }) => ({ fileId, type: "t", algorithmVersion: "1", fingerprint: "opaque \\u0000 ü", metadata: { a: [1] } })),
  chapters: files.map(({ fileId }) => ({ fileId, role: "intro", startTime: 1, endTime: 20 })),
});
const begin = () => {
  let left = "";
  process.stdin.on("data", (chunk) => {
    const lines = (left + chunk).split("\\n");
    left = lines.pop();
    for (const line of lines) {
      const { id, method, params } = JSON.parse(line);
      methods[method]?.(id, params);
    }
  }).on("end", () => process.exit(0));
  say({ method: "ready" });
};
`;

/** Writes a plugin's folder below `pluginsDir`; `script` ends by \`begin()\` where it is to work at all. */
export async function writePlugin(
  pluginsDir: string,
  id: string,
  script: string,
  manifest: object = {},
): Promise<string> {
  const folder = join(pluginsDir, id);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "main.mjs"), `${BY_HAND}\n${script}`);
  await writeFile(
    join(folder, "plugin.json"),
    JSON.stringify({
      ...{ id, name: id, version: "1.0.0", engine: "node", entry: "main.mjs" },
      ...{ capabilities: ["media-scan"], ...manifest },
    }),
  );
  return folder;
}
