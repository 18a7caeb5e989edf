import express from "express";
import { expect, it } from "vitest";
import { listen } from "../../http/server/server.ts";
import { devicesElsewhere } from "./devices-elsewhere.ts";

it.each([
  ["GET", "/why?deviceId=tv"],
  ["GET", "/why?playSessionId=p1"],
  ["GET", "/choices?deviceId=tv"],
  ["GET", "/qualities?deviceId=tv"],
  ["POST", "/choice"],
  ["POST", "/ahead"],
  ["POST", "/model"],
  ["POST", "/quality"],
])("%s %s is answered by the gateway whose film the device plays", async (method, path) => {
  const passedOn: string[] = [];
  const app = express();
  app.use(
    devicesElsewhere(
      {
        isFromPeer: (request) => request.headers["x-peer"] !== undefined,
        async passPlayingOnTo(id, _request, response, body) {
          passedOn.push(`${id} ${body?.toString() ?? ""}`);
          response.end("elsewhere");
          return true;
        },
      },
      {
        streamOf: ({ viewer, playSessionId }) =>
          viewer === "tv" || playSessionId === "p1" ? "stream" : undefined,
      },
    ),
  );
  app.use((_, response) => void response.end("here"));
  await using server = await listen(app, { host: "127.0.0.1", port: 0 });
  const ask = async (device: string, headers: Record<string, string> = {}) => {
    const url = server.url + path.replace("=tv", `=${device}`).replace("=p1", `=${device}1`);
    const body = method === "POST" ? { body: JSON.stringify({ device_id: device }) } : {};
    return (await fetch(url, { method, headers, ...body })).text();
  };
  const isBySession = path.includes("playSessionId");
  expect(await ask(isBySession ? "p" : "tv")).toBe("elsewhere");
  expect(await ask("phone")).toBe("here");
  // What another gateway passes on goes no further.
  expect(await ask(isBySession ? "p" : "tv", { "x-peer": "" })).toBe("here");
  expect(passedOn).toEqual([`stream ${method === "POST" ? '{"device_id":"tv"}' : ""}`]);
});
