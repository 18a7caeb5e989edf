import { once } from "node:events";
import { connect } from "node:net";
import express from "express";
import { expect, it } from "vitest";
import { listen } from "../server/server.ts";
import { endSlowBodies } from "./slow-bodies.ts";

async function startApp(longestMs: number, turn: Promise<void> = Promise.resolve()) {
  const app = express();
  app.use(endSlowBodies(longestMs));
  app.use("/in-its-turn", async (_request, _response, next) => {
    await turn;
    next();
  });
  app.use(async (request, response) => {
    let bytes = 0;
    for await (const chunk of request) bytes += (chunk as Buffer).length;
    response.send(String(bytes));
  });
  return listen(app, { host: "127.0.0.1", port: 0 });
}

async function beginBody(url: string, path: string) {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await once(socket, "connect");
  socket.write(`POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\n\r\nab`);
  return socket;
}

it("ends who begins a body and does not go on with it", async () => {
  await using server = await startApp(20);
  const socket = await beginBody(server.url, "/models/import");
  socket.on("error", () => undefined);
  await once(socket, "close");
});

it("lets frames come for as long as they like", async () => {
  await using server = await startApp(1);
  const slow = await beginBody(server.url, "/models/import");
  slow.on("error", () => undefined);
  const endless = await beginBody(server.url, "/upscale-stream?width=1&height=1");
  // By then its own time would be over, too.
  await once(slow, "close");
  endless.end("cd");
  const answer = Buffer.concat(await endless.toArray()).toString();
  expect(answer).toMatch(/\r\n\r\n4$/);
});

it("does not end who waits for his turn, however long that takes", async () => {
  const turn = Promise.withResolvers<void>();
  await using server = await startApp(1, turn.promise);
  const waiting = await beginBody(server.url, "/in-its-turn");
  // By then its own time would be over many times.
  for (let n = 0; n < 3; n += 1) {
    const slow = await beginBody(server.url, "/models/import");
    slow.on("error", () => undefined);
    await once(slow, "close");
  }
  waiting.end("cd");
  turn.resolve();
  const answer = Buffer.concat(await waiting.toArray()).toString();
  expect(answer).toMatch(/\r\n\r\n4$/);
});
