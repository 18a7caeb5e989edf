import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import { parseFarmAddress } from "@upreel/workers";
import { expect, it } from "vitest";
import { findWorkerKey, type KeySources } from "./worker-key.ts";

const TARGET = parseFarmAddress("http://pc@gateway:5000/");
const KEY = "a-key-of-twenty-four-bytes_00000";
const OTHER = "another-key-of-this-farm_0000000";

function sourcesIn(dataDir: string, more: Partial<KeySources> = {}): KeySources {
  const input = new PassThrough();
  input.end();
  return {
    ...{ dataDir, given: undefined, input, output: new PassThrough(), log: makeRecordingLog() },
    ...more,
  };
}

const typed = (text: string): Pick<KeySources, "input"> => {
  const input = new PassThrough();
  input.end(text);
  return { input };
};

it("asks for the key once, and keeps it where this user alone can read it", async () => {
  await using folder = await makeTempFolder();
  const first = await findWorkerKey(TARGET, sourcesIn(folder.path, typed(`${KEY}\nmore\n`)));
  expect(first.address).toEqual({ url: "http://gateway:5000", name: "pc", key: KEY });
  await first.keep();
  const file = join(folder.path, "farm-keys.json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const again = await findWorkerKey(TARGET, sourcesIn(folder.path));
  expect(again.address.key).toBe(KEY);
  await expect(
    findWorkerKey(parseFarmAddress("http://other@gateway:5000"), sourcesIn(folder.path)),
  ).rejects.toMatchObject({ code: "bad_request", got: "nothing" });
});

it("takes the key of the environment before the one that was kept, and asks anew after a refusal", async () => {
  await using folder = await makeTempFolder();
  await (await findWorkerKey(TARGET, sourcesIn(folder.path, { given: OTHER }))).keep();
  const given = await findWorkerKey(TARGET, sourcesIn(folder.path, { given: KEY }));
  expect(given.address.key).toBe(KEY);
  await given.forget();
  expect(await readFile(join(folder.path, "farm-keys.json"), "utf8")).not.toContain(OTHER);
  const asked = await findWorkerKey(TARGET, sourcesIn(folder.path, typed(OTHER)));
  expect(asked.address.key).toBe(OTHER);
});

it("takes an old line with the key in it, and says what is wrong with it without showing it", async () => {
  await using folder = await makeTempFolder();
  const log = makeRecordingLog();
  const old = parseFarmAddress(`http://pc:${KEY}@gateway:5000`);
  const { address } = await findWorkerKey(old, sourcesIn(folder.path, { log }));
  expect(address.key).toBe(KEY);
  const said = log.complaints.map(({ message }) => message).join();
  expect(said).toMatch(/leave it out/);
  expect(said).not.toContain(KEY);
});
