import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { triggerAnswerSchema } from "@upreel/core";
import { makeRecord } from "@upreel/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readField } from "../../testing/read-field.ts";
import { startTestApp, type TestApp } from "../../testing/start-app.ts";

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
  await writeFile(join(app.films, "film.mkv"), "not really a film");
});
afterEach(() => app[Symbol.asyncDispose]());

const trigger = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${app.url}/upscale-trigger`, { method: "POST", body, headers });
const filmBody = (): string =>
  JSON.stringify({ Item: { Path: join(app.films, "film.mkv"), Name: "The Film" } });

describe("POST /upscale-trigger", () => {
  it("answers 202 with every URL of the new stream", async () => {
    const response = await trigger(filmBody());
    expect(response.status).toBe(202);
    expect(triggerAnswerSchema.parse(await response.json())).toEqual({
      status: "started",
      id: "abc",
      hls_url: `${app.url}/hls/abc/stream.m3u8`,
      live_url: `${app.url}/hls/abc/live.m3u8`,
      player_url: `${app.url}/watch/abc`,
      check_url: `${app.url}/status/abc`,
    });
    expect(app.streams.triggered).toMatchObject([
      {
        title: "The Film",
        file: { path: join(app.films, "film.mkv"), sizeBytes: 17 },
        profile: { model: "auto", scale: "auto", encoder: "auto", quality: 20 },
      },
    ]);
  });

  it("makes the film as the body asks, and tells what it did not understand", async () => {
    const wished = { model: "fast", scale: 1.5, quality: 24, target_height: 720, audio: "fre" };
    const path = join(app.films, "film.mkv");
    const response = await trigger(JSON.stringify({ path, ...wished, codec: "av1" }));
    expect(await response.json()).toMatchObject({ status: "started", ignored: ["codec"] });
    expect(app.streams.triggered.at(-1)?.profile).toEqual({
      ...{ model: "fast", scale: 1.5, encoder: "auto", quality: 24 },
      ...{ targetHeight: 720, audio: "fre" },
    });
  });

  it("says why a model that is there cannot be used, also while it is being checked", async () => {
    const models = join(app.dataDir, "models");
    await mkdir(models, { recursive: true });
    await writeFile(join(models, "page.onnx"), "<!doctype html>");
    const path = join(app.films, "film.mkv");
    const response = await trigger(JSON.stringify({ path, model: "page" }));
    expect([response.status, await response.json()]).toMatchObject([
      422,
      { code: "model_unusable", got: "a web page" },
    ]);
    await rm(join(models, "page.onnx"));
  });

  it("refuses a model that is not there before anything begins", async () => {
    const path = join(app.films, "film.mkv");
    const before = app.streams.triggered.length;
    const response = await trigger(JSON.stringify({ path, model: "no-such" }));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: "model_unknown",
      expected: expect.stringMatching(/^auto, fastest, fast, balanced, best, /) as string,
    });
    expect(app.streams.triggered.length).toBe(before);
  });

  it.each([
    ["queued", 202],
    ["streaming", 200],
  ] as const)("answers a film that is %s with %i", async (status, code) => {
    app.streams.nextResult = { status, id: "abc", archive: undefined };
    const response = await trigger(filmBody());
    expect([response.status, await readField(response, "status")]).toEqual([code, status]);
  });

  it("names the archive of a finished film", async () => {
    app.streams.nextResult = { status: "exists", id: "abc", archive: "/data/film.ts" };
    const response = await trigger(filmBody());
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: "exists", file: "/data/film.ts" });
  });

  it("takes the body whatever content type it claims", async () => {
    for (const type of [
      "application/json",
      "text/plain",
      "application/x-www-form-urlencoded",
      "image/png",
    ])
      expect((await trigger(filmBody(), { "Content-Type": type })).status).toBe(202);
  });

  it.each([
    ["a missing file", "none.mkv", 404, "source_missing"],
    ["a folder", "", 400, "source_not_a_file"],
    ["a path outside the roots", "../../etc/passwd", 403, "source_outside_roots"],
    ["a symlink out of the roots", "way-out.mkv", 403, "source_outside_roots"],
  ])("refuses %s", async (_what, name, status, code) => {
    await symlink("/etc/passwd", join(app.films, "way-out.mkv"));
    const response = await trigger(JSON.stringify({ path: `${app.films}/${name}` }));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status: "error", code });
    expect(app.streams.triggered).toEqual([]);
  });

  it("says where JSON is broken", async () => {
    const response = await trigger('{"path": oops}');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: "bad_request",
      message: expect.stringContaining("column 10"),
    });
  });

  it("refuses a body of 10 MB", async () => {
    const response = await trigger(`{"path": "${"x".repeat(10_000_000)}"}`);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({
      code: "body_too_large",
      expected: "at most 1 MB",
    });
  });

  it("refuses an empty body", async () => {
    expect((await fetch(`${app.url}/upscale-trigger`, { method: "POST" })).status).toBe(400);
  });

  it("says how to open a folder when none is set", async () => {
    await using closed = await startTestApp({ MEDIA_ROOTS: "" });
    const response = await fetch(`${closed.url}/upscale-trigger`, {
      method: "POST",
      body: '{"path": "/f.mkv"}',
    });
    expect(response.status).toBe(403);
    expect(await readField(response, "message")).toContain("MEDIA_ROOTS=/path/to/films");
  });

  it("builds URLs from PUBLIC_URL where it is set", async () => {
    await using proxied = await startTestApp({ PUBLIC_URL: "https://tv.example/up/" });
    await mkdir(join(proxied.films, "x"), { recursive: true });
    await writeFile(join(proxied.films, "f.mkv"), "");
    const body = JSON.stringify({ path: join(proxied.films, "f.mkv") });
    const response = await fetch(`${proxied.url}/upscale-trigger`, { method: "POST", body });
    expect(await readField(response, "live_url")).toBe("https://tv.example/up/hls/abc/live.m3u8");
  });
});

describe("status and control", () => {
  it("tells the status under both names and lists all streams", async () => {
    app.streams.put({ id: "one", framesDone: 48 });
    app.streams.put({ id: "two", state: "complete" });
    for (const name of ["status", "progress"])
      expect(await (await fetch(`${app.url}/${name}/one`)).json()).toMatchObject({
        id: "one",
        frames_done: 48,
      });
    const list = await fetch(`${app.url}/streams`);
    expect(await list.json()).toMatchObject({ streams: [{ id: "one" }, { id: "two" }] });
  });

  it("pauses, resumes, cancels and deletes", async () => {
    app.streams.put({ id: "one" });
    const post = async (call: string): Promise<string> =>
      readField(await fetch(`${app.url}/streams/one/${call}`, { method: "POST" }), "state");
    expect(await post("pause")).toBe("paused");
    expect(await post("resume")).toBe("running");
    expect(await post("cancel")).toBe("cancelled");
    expect(app.streams.calls).toEqual(["pause one", "resume one", "cancel one"]);
    const removed = await fetch(`${app.url}/streams/one`, { method: "DELETE" });
    expect(await removed.json()).toEqual({ status: "removed", id: "one", freed_bytes: 1234 });
    expect((await fetch(`${app.url}/status/one`)).status).toBe(404);
  });

  it("has nothing made for a viewer that is made too slowly, but for later", async () => {
    const path = join(app.films, "film.mkv");
    const record = makeRecord({ id: "one", file: { path, sizeBytes: 1, modifiedMs: 1 } });
    await app.streams.records.save(record);
    app.streams.put({ id: "one", state: "idle", title: path });
    const resume = (query: string): Promise<Response> =>
      fetch(`${app.url}/streams/one/resume?for=${query}`, { method: "POST" });
    app.foreseenSpeed = 0.4;
    const refused = await resume("playing");
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { code: "cannot_hold", message: expect.stringContaining("0.4× film speed") },
    ]);
    expect(app.streams.calls).toEqual([]);
    expect((await resume("later")).status).toBe(200);
    expect(app.streams.calls).toEqual(["resume one in the background"]);
    await app.streams.cancel("one");
    app.foreseenSpeed = 2;
    expect((await resume("playing")).status).toBe(200);
    expect(app.streams.calls.at(-1)).toBe("resume one");
    expect((await resume("fun")).status).toBe(400);
  });

  it("answers 404 for streams and paths that are not there", async () => {
    for (const path of [
      "/status/none",
      "/hls/none/live.m3u8",
      "/hls/none/segments/000000.ts",
      "/events?id=none",
      "/nowhere",
    ]) {
      const response = await fetch(app.url + path);
      expect([path, response.status, await readField(response, "status")]).toEqual([
        path,
        404,
        "error",
      ]);
    }
  });

  it("tells nothing of an inner error but logs it", async () => {
    app.streams.status = () => {
      throw new TypeError("secret detail /home/x");
    };
    const response = await fetch(`${app.url}/status/one`);
    expect(response.status).toBe(500);
    expect(JSON.stringify(await response.json())).not.toContain("secret");
    expect(app.errors.join()).toContain("secret detail");
  });
});

it("the status of a film says which plugin looks at it", async () => {
  const path = join(app.films, "film.mkv");
  app.streams.put({ id: "abc" });
  const file = { path, sizeBytes: 1, modifiedMs: 1 };
  await app.streams.records.save(makeRecord({ id: "abc", file }));
  const status = async () => (await fetch(`${app.url}/status/abc`)).json();
  expect(await status()).not.toHaveProperty("looked_at_by");
  app.looking.set(path, "intro-credits");
  expect(await status()).toMatchObject({ id: "abc", looked_at_by: "intro-credits" });
});

describe("POST /streams/:id/model", () => {
  const order = async (body: string) => {
    const answer = await fetch(`${app.url}/streams/film/model`, { method: "POST", body });
    return [answer.status, await answer.json()] as const;
  };

  it("changes what the film is made by, and leaves what is not in it", async () => {
    app.streams.put({ id: "film" });
    const wanted = (model: string, sharpness: number | null) => [
      200,
      { wanted_model: model, wanted_sharpness: sharpness },
    ];
    expect(await order('{"model": "best"}')).toMatchObject(wanted("best", null));
    expect(await order('{"sharpness": 0}')).toMatchObject(wanted("best", 0));
    expect(await order('{"model": "auto"}')).toMatchObject(wanted("auto", 0));
    expect(await order('{"sharpness": null}')).toMatchObject(wanted("auto", null));
    expect(await order('{"faces": 0.4}')).toMatchObject([
      200,
      { wanted_model: "auto", faces_strength: 0.4 },
    ]);
    expect(await order('{"faces": null}')).toMatchObject([200, { faces: "off" }]);
  });

  it("refuses what is none", async () => {
    app.streams.put({ id: "film" });
    for (const body of [
      "",
      "[]",
      '{"sharpness": 2}',
      '{"faces": "on"}',
      '{"model": ""}',
      '{"quality": 3}',
    ])
      expect(await order(body)).toMatchObject([400, { code: "bad_request" }]);
    expect((await order('{"model": "nobody"}'))[1]).toMatchObject({ code: "model_unknown" });
  });
});
