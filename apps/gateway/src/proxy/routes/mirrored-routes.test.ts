import express from "express";
import { expect, it } from "vitest";
import { listen } from "../../http/server/server.ts";
import { AUTHORIZATION, DEVICE } from "../../testing/proxy-rig.ts";
import { mirroredRoutes } from "./mirrored-routes.ts";

it("copies of what a device reports go on to the gateway whose film it plays, or are taken notice of here", async () => {
  const passedOn: string[] = [];
  const left: string[] = [];
  const deps = {
    streams: {},
    // What this gateway itself takes notice of asks which playback it is.
    playbacks: { find: (id: string) => void left.push(id) },
  };
  const app = express();
  app.use(
    mirroredRoutes(deps as never, "/base", {
      tell({ viewer, playSessionId }, { method }, { url, body }) {
        const isTheirs = viewer === DEVICE || playSessionId === "theirs";
        if (isTheirs) passedOn.push(`${method} ${url} ${body?.toString() ?? ""}`);
        return isTheirs;
      },
    }),
  );
  await using server = await listen(app, { host: "127.0.0.1", port: 0 });
  const copy = async (method: string, uri: string, headers: Record<string, string> = {}) => {
    const body = method === "POST" ? { body: '{"PlaySessionId":"own"}' } : {};
    const told = { "X-Original-URI": uri, ...headers };
    const answer = await fetch(`${server.url}/mirrored`, { method, headers: told, ...body });
    expect(answer.status).toBe(204);
  };
  const playing = "/base/Sessions/Playing/Stopped";
  const ended = (id: string): string => `/base/Videos/ActiveEncodings?PlaySessionId=${id}`;

  await copy("POST", playing, { Authorization: AUTHORIZATION });
  await copy("DELETE", ended("theirs"));
  expect(passedOn).toEqual([
    `POST ${playing} {"PlaySessionId":"own"}`,
    `DELETE ${ended("theirs")} `,
  ]);
  expect(left).toEqual([]);
  // Of other devices.
  await copy("DELETE", ended("another"));
  await copy("POST", playing);
  expect(passedOn).toHaveLength(2);
  expect(left.slice(0, 2)).toEqual(["another", "own"]);
});
