import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { installPlugin } from "./manifest/install-plugin.ts";
import { openRig } from "./testing/open-rig.ts";

const EXAMPLE = fileURLToPath(new URL("../../../docs/examples/python-plugin", import.meta.url));
const hasPython = spawnSync("python3", ["--version"]).status === 0;

it.skipIf(!hasPython)(
  "the example of docs/plugins.md is installed and finds what it says",
  async () => {
    await using folder = await makeTempFolder();
    await using rig = openRig(folder.path);
    await installPlugin(EXAMPLE, { pluginsDir: rig.pluginsDir, sha256: undefined });
    expect(await rig.scan("/films/film.mkv")).toMatchObject({
      tasks: [{ plugin: "quiet-end", state: "done", chapters: 1, reason: null }],
    });
    expect(rig.store.chapters(rig.fileId("/films/film.mkv"))).toMatchObject([
      { role: "credits", startSeconds: 90, endSeconds: 100 },
    ]);
  },
);
