import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createNvidiaSmi } from "./nvidia-smi.ts";

const OWN = new Set([100, 101]);

/** A program that answers as nvidia-smi does. */
async function standIn(folder: string, gpus: string, programs = ""): Promise<string> {
  const path = join(folder, "nvidia-smi");
  const say = (text: string): string => `cat <<'END'\n${text}\nEND\n`;
  await writeFile(
    path,
    `#!/bin/sh\nif [ "$1" = pmon ]; then\n${say(programs)}else\n${say(gpus)}fi\n`,
  );
  await chmod(path, 0o755);
  return path;
}

const HEAD = `# gpu         pid   type     sm    mem    enc    dec    jpg    ofa    command
# Idx           #    C/G      %      %      %      %      %      %    name`;

it("tells the hottest GPU, and what others than Upreel do", async () => {
  await using folder = await makeTempFolder();
  const programs = `${HEAD}
    0        100     C     55     10      -      -      -      -    node
    0       4711     G     48      5      -      -      -      -    a game
    0       4712     C      -      -      -      -      -      -    another
    1          -     -      -      -      -      -      -      -    -`;
  const smi = createNvidiaSmi(await standIn(folder.path, "71, 98\n45, 0", programs));
  expect(await smi.look(OWN)).toEqual({ celsius: 71, busy: 0.98, others: 0.48 });
});

it("blames nobody where the driver knows processes by other numbers", async () => {
  await using folder = await makeTempFolder();
  const programs = `${HEAD}\n    0      90100     C     98     10      -      -      -      -    node`;
  const smi = createNvidiaSmi(await standIn(folder.path, "71, 98", programs));
  expect(await smi.look(OWN)).toEqual({ celsius: 71, busy: 0.98, others: undefined });
});

it("what a GPU does not tell is not known", async () => {
  await using folder = await makeTempFolder();
  const smi = createNvidiaSmi(await standIn(folder.path, "[N/A], 0"));
  expect(await smi.look(OWN)).toEqual({ celsius: undefined, busy: 0, others: 0 });
  const unknown = { celsius: undefined, busy: undefined, others: undefined };
  const silent = createNvidiaSmi(await standIn(folder.path, "No devices were found"));
  expect(await silent.look(OWN)).toEqual(unknown);
  expect(await createNvidiaSmi(join(folder.path, "none")).look(OWN)).toEqual(unknown);
});
