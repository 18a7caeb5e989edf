import { constants, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, test } from "vitest";
import { holdFifo } from "./hold-fifo.ts";
import { makeFifo } from "./make-fifo.ts";

test("what was written before anybody reads is there for the reader, and then the end", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "fifo");
  await makeFifo(path);
  await using fifo = await holdFifo(path);
  const writer = await open(path, constants.O_WRONLY);
  await writer.write("pictures");
  await writer.close();
  const ended = fifo.end(() => false);
  expect(await readFile(path, "utf8")).toBe("pictures");
  await ended;
});

test("a reader that never comes is not waited for once that is known", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "fifo");
  await makeFifo(path);
  await using fifo = await holdFifo(path);
  let looks = 0;
  await fifo.end(() => (looks += 1) > 2);
  expect(looks).toBe(3);
});
