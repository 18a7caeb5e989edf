import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { listenOn } from "../server/listen-on.ts";
import { startTestApp, type TestApp } from "../../testing/start-app.ts";

async function put(app: TestApp, values: object) {
  const response = await fetch(`${app.url}/settings`, {
    method: "PUT",
    body: JSON.stringify(values),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

async function settingOf(app: TestApp, name: string) {
  const { settings } = JSON.parse(await (await fetch(`${app.url}/settings`)).text());
  return settings.find((setting: { name: string }) => setting.name === name);
}

it("settings tell what they mean, take, and where they come from", async () => {
  await using app = await startTestApp({ MAX_STREAMS: "3", API_TOKEN: undefined });
  expect(await settingOf(app, "MAX_STREAMS")).toMatchObject({
    ...{ value: 3, origin: "environment", can_change: false, needs_restart: true },
    expected: "a whole number from 1 to 64",
  });
  expect(await settingOf(app, "QUALITY")).toMatchObject({
    ...{ value: 20, origin: "default", can_change: true, needs_restart: false },
  });
  expect(await settingOf(app, "VIDEO_ENCODER")).toMatchObject({
    schema: { enum: expect.arrayContaining(["auto", "libx264"]) },
  });
});

it("a change is kept, and the next film is made with it", async () => {
  await using app = await startTestApp();
  expect((await put(app, { QUALITY: 25, MAX_STREAMS: "4" })).status).toBe(200);
  expect(await settingOf(app, "QUALITY")).toMatchObject({ value: 25, origin: "dashboard" });
  expect(await settingOf(app, "MAX_STREAMS")).toMatchObject({ value: 4, is_waiting: true });
  const kept = JSON.parse(await readFile(join(app.dataDir, "settings.json"), "utf8"));
  expect(kept).toEqual({ QUALITY: 25, MAX_STREAMS: "4" });
  await writeFile(join(app.films, "film.mkv"), "");
  const body = JSON.stringify({ path: join(app.films, "film.mkv") });
  await fetch(`${app.url}/upscale-trigger`, { method: "POST", body });
  expect(app.streams.triggered.at(-1)?.profile.quality).toBe(25);
  await put(app, { QUALITY: null });
  expect(await settingOf(app, "QUALITY")).toMatchObject({ value: 20, origin: "default" });
});

it("wrong values are all told of, and change nothing", async () => {
  await using app = await startTestApp();
  const { status, body } = await put(app, {
    QUALITY: 99,
    SCALE: "big",
    COLOUR: 1,
    LOG_LEVEL: "warn",
  });
  expect(status).toBe(400);
  expect(body.message).toContain("QUALITY: expected a whole number from 0 (best) to 51, got 99");
  expect(body.message).toContain(
    'SCALE: expected auto, a whole number from 1 to 8, or 1.5, got "big"',
  );
  expect(body.message).toContain("COLOUR: no such setting");
  expect(await settingOf(app, "LOG_LEVEL")).toMatchObject({ origin: "default" });
});

it.each(["DATA_DIR", "API_TOKEN", "FFMPEG", "FFPROBE"])(
  "%s is for who starts the gateway",
  async (name) => {
    await using app = await startTestApp();
    expect(await settingOf(app, name)).toMatchObject({ can_change: false });
    expect((await put(app, { [name]: "/elsewhere" })).status).toBe(400);
  },
);

it("what the environment decides, and secrets, cannot be had here", async () => {
  await using app = await startTestApp({ QUALITY: "18" });
  expect((await put(app, { QUALITY: 25 })).body.message).toContain("QUALITY");
  await using locked = await startTestApp({ API_TOKEN: "a long secret" });
  const response = await fetch(`${locked.url}/settings`);
  expect(response.status).toBe(401);
  const headers = { "X-Api-Token": "a long secret" };
  const text = await (await fetch(`${locked.url}/settings`, { headers })).text();
  expect(text).not.toContain("a long secret");
});

it("a stored key is not sent to another server: its key is asked for with a new URL", async () => {
  const [url, JELLYFIN_API_KEY] = ["http://127.0.0.1:1", "the-key-of-the-old-one"];
  const evil = { JELLYFIN_URL: "http://evil.example" };
  await using app = await startTestApp({ JELLYFIN_API_KEY });
  for (const values of [evil, { ...evil, JELLYFIN_URL: "http://127.0.0.1:2" }]) {
    const refused = await put(app, values);
    expect(refused.status).toBe(400);
    expect(refused.body.message).toContain("JELLYFIN_API_KEY: expected the key of the new");
  }
  await using kept = await startTestApp();
  expect((await put(kept, { JELLYFIN_URL: url, JELLYFIN_API_KEY })).status).toBe(200);
  expect((await put(kept, { JELLYFIN_URL: `${url}/` })).status).toBe(200);
  expect((await put(kept, evil)).status).toBe(400);
  // Not by way of no URL at all either.
  expect((await put(kept, { JELLYFIN_URL: null })).status).toBe(200);
  expect((await put(kept, evil)).status).toBe(400);
  expect((await put(kept, { ...evil, JELLYFIN_API_KEY: null })).status).toBe(200);
  expect((await put(kept, { JELLYFIN_URL: url, JELLYFIN_API_KEY: "another-key" })).status).toBe(
    200,
  );
});

it("restarts when it is asked to, but not to where another program listens", async () => {
  await using app = await startTestApp();
  const restart = () => fetch(`${app.url}/restart`, { method: "POST" });
  const taken = createServer();
  const { url } = await listenOn(taken, { host: "127.0.0.1", port: 0 });
  expect((await put(app, { AI_SERVICE_PORT: new URL(url).port })).status).toBe(200);
  const refused = await restart();
  expect(refused.status).toBe(400);
  expect(JSON.parse(await refused.text()).message).toContain("is already in use");
  expect(app.told).not.toContain("restart");
  taken.close();
  await once(taken, "close");
  expect((await restart()).status).toBe(202);
  await expect.poll(() => app.told).toContain("restart");
});

it("restarts neither where two doors would be one, nor where this machine has no such address", async () => {
  await using app = await startTestApp({ PORT: undefined });
  const restart = async () => {
    const response = await fetch(`${app.url}/restart`, { method: "POST" });
    return { status: response.status, text: await response.text() };
  };
  const { value } = await settingOf(app, "PORT");
  expect((await put(app, { AI_SERVICE_PORT: String(value) })).status).toBe(200);
  expect(await restart()).toMatchObject({
    ...{ status: 400, text: expect.stringContaining("PORT and AI_SERVICE_PORT are the same") },
  });
  // Of those for documents.
  expect((await put(app, { AI_SERVICE_PORT: null, HOST: "192.0.2.1" })).status).toBe(200);
  expect(await restart()).toMatchObject({
    ...{ status: 400, text: expect.stringContaining("192.0.2.1 is no address of this machine") },
  });
  expect(app.told).not.toContain("restart");
});
