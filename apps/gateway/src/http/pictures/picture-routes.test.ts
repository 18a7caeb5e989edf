import { request as httpRequest, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SMALL_PNG } from "../../testing/small-png.ts";
import { startTestApp, type TestApp } from "../../testing/start-app.ts";
import { MOST_STREAMS } from "./picture-routes.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ API_TOKEN: "token-of-tests" });
});
afterAll(() => app[Symbol.asyncDispose]());

const TOKEN = { "X-Api-Token": "token-of-tests" };
const post = (
  path: string,
  body: string | Uint8Array<ArrayBuffer> | FormData,
  headers: Record<string, string> = TOKEN,
) => fetch(`${app.url}${path}`, { method: "POST", body, headers });
/** Width and height as a PNG's header has them. */
const sizeOf = async (answer: Response) => {
  const bytes = Buffer.from(await answer.arrayBuffer());
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
};

it("answers a picture with the same one in twice the size", async () => {
  const answer = await post("/upscale-image", SMALL_PNG);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("image/png");
  expect(answer.headers.get("x-upreel-size")).toBe("6x4");
  expect(answer.headers.get("x-upreel-model")).toMatch(/^upreel-x2-/);
  expect(await sizeOf(answer)).toEqual([6, 4]);
});

it("takes a picture whatever its content type says, as curl sends it", async () => {
  for (const type of ["application/x-www-form-urlencoded", "text/plain", "image/jpeg"])
    expect(
      await sizeOf(
        await post("/upscale-image?model=lanczos", SMALL_PNG, { ...TOKEN, "Content-Type": type }),
      ),
    ).toEqual([6, 4]);
});

it("takes a form, a size, a kind of file and a model", async () => {
  const form = new FormData();
  form.append("file", new Blob([SMALL_PNG]), "picture.png");
  const answer = await post("/upscale-image?width=10&height=11&format=webp&model=fastest", form);
  expect(answer.headers.get("content-type")).toBe("image/webp");
  expect(answer.headers.get("x-upreel-size")).toBe("10x11");
});

it.each([
  ["/upscale-image", "no picture", 422, "picture_unusable"],
  ["/upscale-image?scale=99", SMALL_PNG, 400, "bad_request"],
  ["/upscale-image?width=10", SMALL_PNG, 400, "bad_request"],
  ["/upscale-image?scale=2&scale=3", SMALL_PNG, 400, "bad_request"],
  ["/upscale-image?model=none", SMALL_PNG, 400, "model_unknown"],
  ["/upscale-image?model=../x", SMALL_PNG, 400, "bad_request"],
  ["/upscale-stream?width=0&height=2", SMALL_PNG, 400, "bad_request"],
  ["/upscale-stream?width=4", SMALL_PNG, 400, "bad_request"],
  ["/upscale-stream?width=32768&height=32768", SMALL_PNG, 400, "bad_request"],
  ["/upscale-stream?width=2&height=2&model=fastest", "half a frame, no", 400, "bad_request"],
])("refuses %s with what is wrong", async (path, body, status, code) => {
  const answer = await post(path, body);
  // A whole frame may have been answered before the half one came.
  if (answer.status === 200) return await expect(answer.arrayBuffer()).rejects.toThrow();
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ code });
});

it("asks for the token", async () => {
  expect((await post("/upscale-image", SMALL_PNG, {})).status).toBe(401);
  expect((await post("/upscale-stream?width=3&height=2", SMALL_PNG, {})).status).toBe(401);
});

it("answers each raw frame before the next one is there, in order", async () => {
  const path = "/upscale-stream?width=4&height=3&pixel_format=gray&model=lanczos";
  const request = httpRequest(`${app.url}${path}`, { method: "POST", headers: TOKEN });
  const frame = (value: number) => Buffer.alloc(12, value);
  request.write(Buffer.concat([frame(10), frame(20), frame(30)]));
  const [response] = (await once(request, "response")) as [IncomingMessage];
  expect(response.headers).toMatchObject({
    ...{ "x-frame-width": "8", "x-frame-height": "6", "x-frame-format": "gray" },
  });
  // The request is open all the while; in odd pieces, too.
  request.write(frame(40).subarray(0, 5));
  request.end(frame(40).subarray(5));
  const bytes = Buffer.concat(await response.toArray());
  expect(bytes).toHaveLength(4 * 48);
  expect([0, 48, 96, 144].map((at) => bytes[at])).toEqual([10, 20, 30, 40]);
});

it("refuses a stream of frames too many before it begins, and takes it when another has ended", async () => {
  const path = "/upscale-stream?width=4&height=3&pixel_format=gray&model=lanczos";
  // As many as are under way before the first one is answered.
  const frames = Buffer.alloc(3 * 12, 10);
  const open = Array.from({ length: MOST_STREAMS }, () => {
    const request = httpRequest(`${app.url}${path}`, { method: "POST", headers: TOKEN });
    request.write(frames);
    return request;
  });
  const answers = await Promise.all(
    open.map(async (request) => ((await once(request, "response")) as [IncomingMessage])[0]),
  );
  const refused = await post(path, frames);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: "queue_full" });
  open[0]?.end();
  await answers[0]?.toArray();
  await expect.poll(async () => (await post(path, frames)).status).toBe(200);
  for (const [n, request] of open.entries()) {
    request.end();
    if (n > 0) await answers[n]?.toArray();
  }
});
