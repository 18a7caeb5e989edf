import { request } from "node:http";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startTestApp, type TestApp } from "../../testing/start-app.ts";

/** The live_url that a trigger answers to these headers; fetch would not send another Host. */
async function liveUrl(app: TestApp, headers: Record<string, string>): Promise<string> {
  await writeFile(join(app.films, "f.mkv"), "");
  const sent = request(`${app.url}/upscale-trigger`, { method: "POST", headers });
  sent.end(JSON.stringify({ path: join(app.films, "f.mkv") }));
  const [response] = await once(sent, "response");
  const answer: { live_url: string } = JSON.parse(await text(response));
  return answer.live_url;
}

it("URLs lead to where the client came from, also behind a proxy with TLS", async () => {
  await using app = await startTestApp({ ALLOWED_HOSTS: "tv.example" });
  expect(await liveUrl(app, { Host: "tv.local:8080" })).toBe(
    "http://tv.local:8080/hls/abc/live.m3u8",
  );
  expect(await liveUrl(app, { Host: "[::1]:5000" })).toBe("http://[::1]:5000/hls/abc/live.m3u8");
  expect(await liveUrl(app, { Host: "tv.example", "X-Forwarded-Proto": "https" })).toBe(
    "https://tv.example/hls/abc/live.m3u8",
  );
});

it("a Host that is none is not echoed", async () => {
  await using app = await startTestApp({ API_TOKEN: "a long secret" });
  for (const host of ['evil"><script>', "a b", "user@evil", "x/../y", ""])
    expect(await liveUrl(app, { Host: host, "X-Api-Token": "a long secret" })).toBe(
      `${app.url}/hls/abc/live.m3u8`,
    );
});
