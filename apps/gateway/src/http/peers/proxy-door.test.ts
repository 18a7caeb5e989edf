import express from "express";
import { expect, it } from "vitest";
import { listen } from "../server/server.ts";
import { createPeerMark, PEER_HEADER } from "./from-peer.ts";
import { answerAsProxy, PROXY_DOOR } from "./proxy-door.ts";

const KEY = "what only gateways know";

/** What is answered, read to its end. */
async function send(url: string, headers: Readonly<Record<string, string>>) {
  const answer = await fetch(url, { headers });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

it("other gateways are answered as clients of Jellyfin's are, who get nothing there", async () => {
  const mark = createPeerMark(KEY);
  const app = express();
  app.use(mark.mark).use((_, response, next) => {
    response.setHeader("Content-Security-Policy", "of our own pages");
    next();
  });
  const proxied: string[] = [];
  app.use(
    PROXY_DOOR,
    answerAsProxy((request, response) => {
      proxied.push(`${request.method} ${request.url} ${request.rawHeaders.join(" ")}`);
      response.end("as the proxy");
    }, mark),
  );
  app.use((_, response) => void response.status(404).end("nothing here"));
  await using server = await listen(app, { host: "127.0.0.1", port: 0 });
  const url = `${server.url}${PROXY_DOOR}/Items/a/PlaybackInfo?x=1`;

  expect(await send(url, {})).toMatchObject({ status: 404 });
  expect(await send(url, { [PEER_HEADER]: "a guess" })).toMatchObject({ status: 404 });
  const answer = await send(url, { [PEER_HEADER]: KEY, "X-Other": "stays" });
  expect(answer).toMatchObject({ status: 200, text: "as the proxy" });
  expect(answer.headers.has("content-security-policy")).toBe(false);
  expect(proxied).toHaveLength(1);
  expect(proxied[0]).toMatch(/^GET \/Items\/a\/PlaybackInfo\?x=1 .*x-other stays/i);
  // It goes on to Jellyfin with all that it came with.
  expect(proxied[0]).not.toContain(KEY);
});
