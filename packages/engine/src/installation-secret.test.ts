import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { readSecret } from "./installation-secret.ts";

it("the secret of an installation is made once, whole, and for its owner's eyes", async () => {
  await using folder = await makeTempFolder();
  const file = join(folder.path, "data", "secret");
  const secret = await readSecret(file);
  expect(secret).toHaveLength(32);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(Buffer.from(await readSecret(file)).equals(Buffer.from(secret))).toBe(true);
});

it("an empty secret, as a crash of the machine leaves it, is made anew", async () => {
  await using folder = await makeTempFolder();
  const file = join(folder.path, "secret");
  await writeFile(file, "");
  expect(await readSecret(file)).toHaveLength(32);
  expect(await readFile(file)).toHaveLength(32);
});

it("a secret that cannot be read is not replaced", async () => {
  await using folder = await makeTempFolder();
  await expect(readSecret(folder.path)).rejects.toMatchObject({ code: "EISDIR" });
});
