import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import {
  FACE_SIDE,
  tinyDetector,
  tinyRestorer,
} from "../../../../packages/upscaler/src/faces/testing/tiny-faces.ts";
import { startTestApp, type TestApp } from "../testing/start-app.ts";

let folder: TempFolder;
let app: TestApp;
beforeAll(async () => {
  folder = await makeTempFolder();
  await mkdir(join(folder.path, "faces"));
  await writeFile(join(folder.path, "faces", "yunet.onnx"), tinyDetector());
  await writeFile(join(folder.path, "faces", "my-gan.onnx"), tinyRestorer("darker"));
  app = await startTestApp({
    ...{ AI_SERVICE_PORT: "0", AI_SERVICE_TOKEN: "none", MODELS_DIR: folder.path },
  });
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** A grey PNG in which the stand-in detector finds a face, or none. */
function makePng(hasFace: boolean): Buffer<ArrayBuffer> {
  const [width, height, side] = [256, 192, 2 * FACE_SIDE];
  const rows = Array.from({ length: height }, (_, y) =>
    // Each row begins with its filter: none.
    Buffer.from([
      0,
      ...Array.from({ length: width }, (__, x) =>
        hasFace && x >= 64 && x < 64 + side && y >= 48 && y < 48 + side ? 235 : 30,
      ),
    ]),
  );
  const chunk = (name: string, bytes: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(name), bytes]);
    const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(bytes.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([size, named, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    ...[chunk("IHDR", header), chunk("IDAT", deflateSync(Buffer.concat(rows)))],
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const post = (path: string, body?: Buffer<ArrayBuffer> | URLSearchParams, url = app.serviceUrl) =>
  fetch(`${url}${path}`, { method: "POST", ...(body !== undefined && { body }) });

it("loads, tells, restores a frame, and unloads, as the plugin asks for it", async () => {
  const load = await post("/face-restore/load", new URLSearchParams({ model_name: "my-gan" }));
  expect(await load.json()).toMatchObject({ success: true, model: "my-gan", input_size: 128 });
  const status = async () => (await fetch(`${app.serviceUrl}/face-restore/status`)).json();
  expect(await status()).toEqual({
    ...{ available: true, face_restore_available: true, model_loaded: true },
    ...{ current_model: "my-gan", input_size: 128, models: ["my-gan"] },
    providers: ["CPUExecutionProvider"],
  });
  for (const [hasFace, count] of [
    [true, "1"],
    [false, "0"],
  ] as const) {
    const frame = await post("/face-restore/frame", makePng(hasFace));
    expect(frame.headers.get("x-face-count")).toBe(count);
    expect(frame.headers.get("content-type")).toBe("image/jpeg");
  }
  expect((await post("/face-restore/unload")).status).toBe(200);
  expect(await status()).toMatchObject({ model_loaded: false, current_model: null });
});

it("does not know other models, and is told what is no picture", async () => {
  const load = await post("/face-restore/load", new URLSearchParams({ model_name: "nobody" }));
  expect(load.status).toBe(404);
  expect((await post("/face-restore/frame", Buffer.from("no picture"))).status).toBe(422);
});

it("a network that is loaded twice at once is downloaded by one after the other", async () => {
  const own = fetch;
  let [now, most, all] = [0, 0, 0];
  using _ = vi.spyOn(globalThis, "fetch").mockImplementation(async (url, init) => {
    if (typeof url !== "string" || !url.includes("github.com")) return own(url, init);
    all++;
    most = Math.max(most, ++now);
    // Until this gateway has answered another request: time enough for the other load to come.
    await own(`${app.serviceUrl}/face-restore/status`);
    now--;
    return new Response("not now", { status: 503 });
  });
  const load = () => post("/face-restore/load", new URLSearchParams({ model_name: "gfpgan-v1.4" }));
  const answers = await Promise.all([load(), load(), load()]);
  expect(answers.every(({ ok }) => !ok)).toBe(true);
  expect({ all, most }).toEqual({ all: 3, most: 1 });
});

it("POST /upscale-image restores faces where that is asked for", async () => {
  const url = "/upscale-image?scale=1&model=fastest&format=png";
  const plain = await post(url, makePng(true), app.url);
  const restored = await post(`${url}&faces=on&face_strength=1`, makePng(true), app.url);
  expect(plain.headers.get("x-face-count")).toBeNull();
  expect(restored.headers.get("x-face-count")).toBe("1");
  const [one, other] = [await plain.arrayBuffer(), await restored.arrayBuffer()];
  expect(Buffer.from(one).equals(Buffer.from(other))).toBe(false);
});
