import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startTestApp, type TestApp } from "../../testing/start-app.ts";

async function startWithSegment(): Promise<TestApp> {
  const app = await startTestApp();
  app.streams.put({ id: "abc", segmentsTotal: 2, segmentsReady: 1 });
  await app.streams.publish("abc", 0, Buffer.alloc(188 * 3, 71));
  return app;
}

const SEGMENT = "/hls/abc/segments/000000.ts";

it.each([
  ["bytes=-99999999", 206, "bytes 0-563/564"],
  ["bytes=-565", 206, "bytes 0-563/564"],
  ["bytes=-100", 206, "bytes 464-563/564"],
  ["bytes=-0", 416, "bytes */564"],
  ["bytes=0-99999999", 206, "bytes 0-563/564"],
  ["bytes=564-", 416, "bytes */564"],
  ["bytes=9-1", 416, "bytes */564"],
  ["bytes=x", 200, null],
  ["octets=0-1", 200, null],
])("a range %s of a segment is answered with %s", async (Range, status, contentRange) => {
  await using app = await startWithSegment();
  const response = await fetch(app.url + SEGMENT, { headers: { Range } });
  expect([response.status, response.headers.get("content-range")]).toEqual([status, contentRange]);
});

it("the last bytes of a file that has fewer are all of it", async () => {
  await using app = await startTestApp();
  const headers = { Range: "bytes=-99999999", "Accept-Encoding": "identity" };
  const response = await fetch(`${app.url}/icon.svg`, { headers });
  const { length } = Buffer.from(await response.arrayBuffer());
  expect(length).toBeGreaterThan(100);
  if (response.status === 206)
    expect(response.headers.get("content-range")).toBe(`bytes 0-${length - 1}/${length}`);
});

it("who wants another version than there is gets none", async () => {
  await using app = await startWithSegment();
  const etag = (await fetch(app.url + SEGMENT)).headers.get("etag") ?? "";
  const status = async (wanted: string): Promise<number> =>
    (await fetch(app.url + SEGMENT, { headers: { "If-Match": wanted } })).status;
  expect(await status('"other"')).toBe(412);
  expect(await status(`W/${etag}`)).toBe(412);
  expect(await status(etag)).toBe(200);
  expect(await status(`"other", ${etag}`)).toBe(200);
  expect(await status("*")).toBe(200);
});

it("what is asked for is not sent back whole, however long it is", async () => {
  await using app = await startTestApp();
  // node:http takes 16 kB of headers, a body more.
  const long = `/${"a".repeat(12_000)}`;
  const trigger = {
    method: "POST",
    body: JSON.stringify({ path: `/films/${"a/".repeat(40_000)}` }),
  };
  await writeFile(join(app.films, "f.mkv"), "");
  const priority = JSON.stringify({ path: "/f", priority: "x".repeat(60_000) });
  const settings = JSON.stringify({
    ["A".repeat(60_000)]: "x".repeat(20_000),
    QUALITY: "y".repeat(9_000),
  });
  for (const answer of [
    await fetch(app.url + long),
    await fetch(`${app.url}/status${long}`),
    await fetch(`${app.url}/files?path=${long}`),
    await fetch(`${app.url}/upscale-trigger`, trigger),
    await fetch(`${app.url}/upscale-trigger`, { method: "POST", body: priority }),
    await fetch(`${app.url}/settings`, { method: "PUT", body: settings }),
  ]) {
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect((await answer.text()).length).toBeLessThan(2_000);
  }
});
