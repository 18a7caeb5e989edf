import { once } from "node:events";
import { readdir, readFile, symlink } from "node:fs/promises";
import { createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { toUpreelError } from "@upreel/core";
import { PassThrough, Readable } from "node:stream";
import { eventually, makeRecord, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createFakeStreams } from "../../../../packages/streams/src/testing/fake-streams.ts";
import { openBeamedFiles, removeBeamedStreams } from "./beamed-files.ts";

const whole = (text: string): Readable => Readable.from([Buffer.from(text)]);
/** The caller goes in the middle of it. */
const broken = (): Readable =>
  Readable.from(
    (async function* () {
      yield Buffer.from("the beginning");
      throw new Error("its caller is gone");
    })(),
  );

it("an upload that breaks off leaves an earlier one of its name as it was, and nothing of itself", async () => {
  await using folder = await makeTempFolder();
  const beamed = await openBeamedFiles(join(folder.path, "beamed"));
  await beamed.take("film", whole("a film"));
  await expect(beamed.take("film", broken())).rejects.toThrow("its caller is gone");
  await expect(beamed.take("other", broken())).rejects.toThrow("its caller is gone");
  expect([beamed.has("film"), beamed.has("other")]).toEqual([true, false]);
  expect(await readFile(beamed.pathOf("film"), "utf8")).toBe("a film");
  expect(await readdir(beamed.folder)).toEqual(["film"]);
  expect(await readdir(join(beamed.folder, "film"))).toEqual(["input"]);
});

it("what is dropped is not the upload that is coming by that name", async () => {
  await using folder = await makeTempFolder();
  const beamed = await openBeamedFiles(join(folder.path, "beamed"));
  await beamed.take("film", whole("a film"));
  const bytes = new PassThrough();
  const coming = beamed.take("film", bytes);
  bytes.write("a newer");
  const names = (): Promise<string[]> => readdir(join(beamed.folder, "film"));
  await eventually("it comes", async () => (await names()).includes("input.tmp"));
  await beamed.drop("film");
  expect(beamed.has("film")).toBe(false);
  bytes.end(" film");
  expect(await coming).toBe("a newer film".length);
  expect(await readFile(beamed.pathOf("film"), "utf8")).toBe("a newer film");
});

it("films of uploads go at the next start, in a data folder that is a link, too; others stay", async () => {
  await using folder = await makeTempFolder();
  const streams = createFakeStreams(join(folder.path, "data"));
  const beamed = await openBeamedFiles(join(folder.path, "beamed"));
  const paths = {
    sent: beamed.pathOf("job"),
    other: join(folder.path, "beamed-films", "film.mkv"),
  };
  for (const [id, path] of Object.entries(paths)) {
    streams.put({ id });
    const record = makeRecord({ id });
    await streams.records.save({ ...record, file: { ...record.file, path } });
  }
  const link = join(folder.path, "link");
  await symlink(folder.path, link);
  await removeBeamedStreams(join(link, "beamed"), { streams, records: streams.records });
  expect(streams.ids()).toEqual(["other"]);
});

it("who sends a film for which the disk has no room is told so in the middle of it", async () => {
  await using folder = await makeTempFolder();
  let free = 5e9;
  const beamed = await openBeamedFiles(join(folder.path, "beamed"), {
    ...{ freeBytes: async () => free, lookEveryBytes: 1_000 },
  });
  const server = createServer((incoming, response) => {
    beamed.take("film", incoming).catch((thrown: unknown) => {
      response.statusCode = toUpreelError(thrown).code === "disk_full" ? 507 : 500;
      response.end();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const upload = request({ port, host: "127.0.0.1", method: "PUT" });
  const answered = once(upload, "response");
  upload.write(Buffer.alloc(500));
  const names = (): Promise<string[]> => readdir(join(beamed.folder, "film"));
  await eventually("it comes", async () => (await names()).includes("input.tmp"));
  free = 0;
  upload.write(Buffer.alloc(2_000));
  const [answer]: IncomingMessage[] = await answered;
  expect(answer?.statusCode).toBe(507);
  expect(await readdir(beamed.folder)).toEqual([]);
  upload.destroy();
  server.close();
});
