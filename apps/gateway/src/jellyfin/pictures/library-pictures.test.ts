import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { libraryPicturesSchema } from "@upreel/core";
import { makeFakeItem, startFakeJellyfin, type FakeJellyfin } from "@upreel/testkit";
import { expect, it } from "vitest";
import { startTestApp, type TestApp } from "../../testing/start-app.ts";

/** A picture of one shade of grey. */
function png(width: number, height: number, grey: number): Buffer {
  const chunk = (type: string, content: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), content]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0], 8);
  const rows = Buffer.concat(
    Array.from({ length: height }, () => Buffer.from([0, ...Array(width).fill(grey)])),
  );
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const id = (n: number): string => n.toString(16).padStart(32, "0");

/** 50 pictures: posters, three backdrops of each fifth item, photos; every tenth is large enough. */
function makeItems() {
  let grey = 0;
  const image = (type: string, isLarge = false) => ({
    ...{ type, bytes: isLarge ? png(120, 80, (grey += 1)) : png(6, 4, (grey += 1)) },
  });
  return Array.from({ length: 35 }, (_, n) =>
    makeFakeItem({
      ...{ id: id(n + 1), path: `/media/movies/${n}`, name: `Item ${n}` },
      type: n % 7 === 6 ? "Photo" : "Movie",
      images: [
        image("Primary", n % 10 === 9),
        ...(n % 7 === 0 ? [image("Backdrop"), image("Backdrop"), image("Backdrop")] : []),
      ],
    }),
  );
}

async function startLibrary(env = {}) {
  const jellyfin = await startFakeJellyfin({ items: makeItems() });
  const app = await startTestApp({
    ...{ JELLYFIN_URL: jellyfin.url, JELLYFIN_API_KEY: jellyfin.apiKey, ...env },
  });
  return {
    ...{ jellyfin, app },
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await jellyfin[Symbol.asyncDispose]();
    },
  };
}

const ask = async (app: TestApp, path = "", method = "GET") =>
  libraryPicturesSchema.parse(
    await (await fetch(`${app.url}/library/pictures${path}`, { method })).json(),
  );
const whenIdle = (app: TestApp) => expect.poll(async () => (await ask(app)).state).toBe("idle");
const bytesOf = (jellyfin: FakeJellyfin) =>
  jellyfin.items.map(({ images }) => images.map(({ bytes }) => bytes.toString("base64")));
const sizesOf = (jellyfin: FakeJellyfin) =>
  jellyfin.items.flatMap(({ images }) => images.map(({ bytes }) => bytes.readUInt32BE(16)));

it("upscales the small ones of 50 pictures in their places, once, and puts them back", async () => {
  await using library = await startLibrary();
  const { app, jellyfin } = library;
  const before = bytesOf(jellyfin);
  expect(before.flat()).toHaveLength(50);

  await ask(app, "/start?below=100", "POST");
  await whenIdle(app);
  expect(await ask(app)).toMatchObject({ done: 47, looked_at: 50, failed: 0, kept: 47 });
  expect(sizesOf(jellyfin).filter((width) => width === 24)).toHaveLength(47);
  expect(sizesOf(jellyfin).filter((width) => width === 120)).toHaveLength(3);
  const counts = (all: string[][]) => all.map((images) => images.length);
  expect(counts(bytesOf(jellyfin))).toEqual(counts(before));

  // Those that are small still are known.
  await ask(app, "/start?below=100", "POST");
  await whenIdle(app);
  expect(await ask(app)).toMatchObject({ done: 0, looked_at: 50, kept: 47 });

  // One that somebody changed since is his own.
  const changed = jellyfin.items[1]?.images[0];
  if (changed !== undefined) changed.bytes = png(6, 4, 200);
  await ask(app, "/undo", "POST");
  await whenIdle(app);
  expect(await ask(app)).toMatchObject({ done: 46, kept: 0 });
  const after = bytesOf(jellyfin);
  expect(after[1]).toEqual([png(6, 4, 200).toString("base64")]);
  expect(after.toSpliced(1, 1)).toEqual(before.toSpliced(1, 1));
  expect(await readdir(join(app.dataDir, "pictures"))).toEqual(["pictures.json"]);
});

it("one that cannot be upscaled stays, and is told of; the others go on", async () => {
  await using library = await startLibrary();
  const { app, jellyfin } = library;
  const broken = jellyfin.items[3]?.images[0];
  // Its size is read, its pixels are not there.
  if (broken !== undefined) broken.bytes = broken.bytes.subarray(0, 30);
  await ask(app, "/start?below=100", "POST");
  await whenIdle(app);
  expect(await ask(app)).toMatchObject({ done: 46, failed: 1, message: "done" });
  expect(broken?.bytes).toHaveLength(30);
});

it("says why there is nothing to do, and what is wrong with a size", async () => {
  await using app = await startTestApp();
  const post = (path: string) => fetch(`${app.url}/library/pictures/${path}`, { method: "POST" });
  expect(await (await post("start")).json()).toMatchObject({ code: "jellyfin_not_set_up" });
  expect(await (await post("start?below=many")).json()).toMatchObject({ code: "bad_request" });
  expect(await ask(app)).toMatchObject({ state: "off", kept: 0 });
});

it("stops when Jellyfin is away, and goes on with what is left", async () => {
  await using library = await startLibrary();
  const { app, jellyfin } = library;
  jellyfin.behaviour.failAt = (method) =>
    method === "POST" && jellyfin.requests.filter((one) => one.method === "POST").length > 5
      ? 503
      : undefined;
  await ask(app, "/start?below=100", "POST");
  await whenIdle(app);
  const { message, done } = await ask(app);
  expect(message).toContain("does not answer");
  expect(done).toBeLessThan(47);
  const before = bytesOf(jellyfin);
  jellyfin.behaviour.failAt = undefined;
  await expect
    .poll(async () => {
      await ask(app, "/start?below=100", "POST");
      await whenIdle(app);
      return (await ask(app)).message;
    })
    .toBe("done");
  expect(sizesOf(jellyfin).filter((width) => width === 24)).toHaveLength(47);
  expect(before).not.toEqual(bytesOf(jellyfin));
});
