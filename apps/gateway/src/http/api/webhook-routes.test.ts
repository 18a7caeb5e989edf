import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  eventually,
  makeFakeItem,
  recordedWebhooks,
  startFakeJellyfin,
  type RecordedWebhook,
} from "@upreel/testkit";
import { expect, it } from "vitest";
import { z } from "zod";
import { startTestApp, type TestApp } from "../../testing/start-app.ts";

const FOUR = "7103a09210f6cce9754c3083fa5f7849";

const answerSchema = z.object({ status: z.string(), message: z.string(), check_url: z.string() });

async function send(app: TestApp, { body, headers }: RecordedWebhook) {
  const response = await fetch(`${app.url}/upscale-trigger`, {
    method: "POST",
    headers: { "Content-Type": headers["Content-Type"] ?? "text/plain" },
    body,
  });
  return { status: response.status, answer: answerSchema.parse(await response.json()) };
}

const webhook = (name: string): RecordedWebhook => {
  const found = recordedWebhooks().find((recorded) => recorded.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

const status = async (url: string): Promise<unknown> => (await fetch(url)).json();

it("every recorded webhook is accepted, without a Jellyfin to ask", async () => {
  await using app = await startTestApp();
  for (const recorded of recordedWebhooks()) {
    const { status: code, answer } = await send(app, recorded);
    expect([recorded.name, code, answer.status]).toEqual([recorded.name, 202, "accepted"]);
  }
  expect(app.streams.triggered).toEqual([]);
  expect(app.errors).toEqual([]);
});

it("a webhook without an API key is told in its status what is missing", async () => {
  await using app = await startTestApp({ JELLYFIN_URL: "http://127.0.0.1:9" });
  const { answer } = await send(app, webhook("PlaybackStart-four-all"));
  expect(answer.message).toContain("JELLYFIN_API_KEY");
  await eventually("the look-up has failed", async () => {
    expect(await status(answer.check_url)).toMatchObject({
      state: "failed",
      reason: { code: "jellyfin_not_set_up" },
      message: expect.stringContaining("JELLYFIN_API_KEY"),
    });
    return true;
  });
});

it("a Start finds its file in Jellyfin, under the name that the folder has here", async () => {
  const item = makeFakeItem({ id: FOUR, path: "/media/movies/Clip Four (2004).mkv" });
  await using fake = await startFakeJellyfin({ items: [item] });
  await using app = await startTestApp({
    JELLYFIN_URL: fake.url,
    JELLYFIN_API_KEY: fake.apiKey,
    PATH_MAP: "/nowhere=/tmp",
  });
  const { answer } = await send(app, webhook("PlaybackStart-four-all"));
  await eventually("it is told which folder is missing", async () => {
    expect(await status(answer.check_url)).toMatchObject({
      state: "failed",
      reason: { code: "source_outside_roots" },
      message: expect.stringContaining("/media/movies/Clip Four (2004).mkv"),
    });
    return true;
  });
});

it("a Start becomes a stream, and its status that of the stream", async () => {
  const item = makeFakeItem({ id: FOUR, path: "/media/movies/Clip Four (2004).mkv" });
  await using fake = await startFakeJellyfin({ items: [item] });
  await using folder = await startTestApp();
  const films = join(folder.films, "mapped");
  await mkdir(films);
  await writeFile(join(films, "Clip Four (2004).mkv"), "");
  await using app = await startTestApp({
    MEDIA_ROOTS: films,
    JELLYFIN_URL: fake.url,
    JELLYFIN_API_KEY: fake.apiKey,
    PATH_MAP: `/media/movies=${films}`,
  });
  app.streams.put({ id: "abc", state: "running" });
  const { answer } = await send(app, webhook("PlaybackStart-four-tpl-json"));
  await eventually("it runs", async () => {
    expect(await status(answer.check_url)).toMatchObject({ id: "abc", state: "running" });
    return true;
  });
  expect(app.streams.triggered).toMatchObject([
    { file: { path: join(films, "Clip Four (2004).mkv") }, priority: "viewer" },
  ]);
});

it("a viewer for whom it is off gets nothing", async () => {
  const item = makeFakeItem({ id: FOUR, path: "/media/movies/Clip Four (2004).mkv" });
  await using fake = await startFakeJellyfin({ items: [item] });
  await using app = await startTestApp({
    JELLYFIN_URL: fake.url,
    JELLYFIN_API_KEY: fake.apiKey,
    ON_PLAY: "library=Movies:off",
  });
  const { answer } = await send(app, webhook("PlaybackStart-four-all"));
  await eventually("it was judged", async () => {
    expect(await status(answer.check_url)).toMatchObject({
      state: "left_alone",
      message: "ON_PLAY says off for this viewer",
    });
    return true;
  });
  expect(app.streams.triggered).toEqual([]);
});

it("a body that a template broke for good is told which setting fixes it", async () => {
  await using app = await startTestApp();
  const response = await fetch(`${app.url}/upscale-trigger`, {
    method: "POST",
    body: '{"event":"PlaybackStart","name":"Say "yes", then","path":""}',
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    code: "bad_request",
    message: expect.stringMatching(/json_encode.*Send All Properties \(ignores template\)/),
  });
});
