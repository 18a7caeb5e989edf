import { expect, it } from "vitest";
import { startTestApp } from "../testing/start-app.ts";
import { findRunningFilms } from "./doctor.ts";

const HERE = { host: "127.0.0.1", apiToken: undefined, ffmpeg: "ffmpeg" };

it("says what holds up the films that a gateway makes, as its page does", async () => {
  await using app = await startTestApp();
  const stages = { heldUpBy: "network", decode: 0.1, encode: 0.1 } as const;
  app.streams.put({ id: "one", title: "First", state: "running", stages });
  app.streams.put({ id: "two", title: "Second", state: "paused" });
  const findings = await findRunningFilms({ ...HERE, port: 0, publicUrl: app.url });
  expect(findings).toMatchObject([
    { what: "speed", verdict: "note", message: expect.stringMatching(/^First: The model holds/) },
  ]);
});

it("says nothing where there is no gateway", async () => {
  expect(await findRunningFilms({ ...HERE, port: 9, publicUrl: undefined })).toEqual([]);
});
