import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { askRaw, makeRecordingLog, startRawServer } from "@upreel/testkit";
import { expect, it } from "vitest";
import { listenOn } from "../../http/server/listen-on.ts";
import { serveHanded } from "../../http/server/server.ts";
import { createLastDefence } from "../../http/server/last-defence.ts";
import { createPassThrough } from "./pass-through.ts";
import { isWebsocket } from "./pass-upgrade.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

/** The pass-through before a server that answers any bytes. */
async function startFront(answer: (request: string) => string, isTrusted = false) {
  await using stack = new AsyncDisposableStack();
  const jellyfin = stack.use(await startRawServer(answer));
  const log = makeRecordingLog();
  const passThrough = stack.use(
    createPassThrough({ url: new URL(jellyfin.url), isTrusted: () => isTrusted }, { log }),
  );
  const { server } = stack.use(
    serveHanded((request, response) => passThrough.web(request, response), createLastDefence(log), {
      isUpgrade: isWebsocket,
    }),
  );
  server.on("upgrade", (request, socket, head) => passThrough.upgrade(request, socket, head));
  const { url } = await listenOn(server, { host: "127.0.0.1", port: 0 });
  const owned = stack.move();
  return { url, jellyfin, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const get = (headers: string, path = "/Items"): string =>
  `GET ${path} HTTP/1.1\r\nHost: tv.example\r\nConnection: close\r\n${headers}\r\n`;

it.each([
  ["Trailer: x\r\n"],
  ["TE: trailers, deflate\r\n"],
  ["Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: Upgrade, HTTP2-Settings\r\n"],
  ["Proxy-Authorization: Basic eDp5\r\nProxy-Connection: keep-alive\r\n"],
  ["Keep-Alive: timeout=5\r\n"],
  ["Connection: x-private, content-length\r\nX-Private: 1\r\n"],
  ["Expect: 100-continue\r\n"],
])("passes a request on without the headers of its connection: %j", async (headers) => {
  await using front = await startFront(() => OK);
  const answer = await askRaw(front.url, get(`${headers}X-Kept: 1\r\n`));
  expect(answer).toMatch(/HTTP\/1\.1 200 OK[^]*\r\n\r\nok$/);
  const [sent = ""] = front.jellyfin.received;
  expect(sent).toContain("X-Kept: 1\r\n");
  expect(sent).not.toMatch(
    /^(trailer|te|upgrade|http2-settings|proxy-.*|keep-alive|x-private|expect):/im,
  );
  expect(sent.match(/^host: /gim)).toHaveLength(1);
});

it("passes bodies on with one length, however it was told", async () => {
  await using front = await startFront(() => OK);
  const chunked =
    "POST /a HTTP/1.1\r\nHost: a\r\nConnection: close, transfer-encoding\r\nTransfer-Encoding: chunked\r\nTrailer: x\r\n\r\n";
  await askRaw(front.url, `${chunked}3\r\nabc\r\n0\r\nx: 1\r\n\r\n`);
  await askRaw(front.url, get("Content-Length: 3\r\n") + "abc");
  await askRaw(front.url, "DELETE /c HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const lengths = front.jellyfin.received.map((sent) =>
    sent.match(/^(content-length|transfer-encoding): .*$/gim),
  );
  expect(lengths).toEqual([
    ["Transfer-Encoding: chunked"],
    ["Content-Length: 3"],
    ["Content-Length: 0"],
  ]);
});

it("tells Jellyfin who asks: in place of what a client says, behind what a trusted proxy does", async () => {
  const said =
    "X-Forwarded-For: 10.0.0.9\r\nX-Forwarded-For: 10.0.0.8\r\nX-Forwarded-Host: nas\r\nX-Forwarded-Proto: https\r\nForwarded: for=10.0.0.9\r\nX-Real-IP: 10.0.0.9\r\n";
  const told = async (isTrusted: boolean): Promise<string[]> => {
    await using front = await startFront(() => OK, isTrusted);
    await askRaw(front.url, get(said));
    return front.jellyfin.received[0]?.match(/^(forwarded|x-real-ip|x-forwarded-.*): .*$/gim) ?? [];
  };
  expect(await told(false)).toEqual([
    "X-Forwarded-For: 127.0.0.1",
    "X-Forwarded-Proto: http",
    "X-Forwarded-Host: tv.example",
  ]);
  expect(await told(true)).toEqual([
    "X-Forwarded-For: 10.0.0.9, 10.0.0.8, 127.0.0.1",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: nas",
  ]);
});

it.each([
  ["a trailer without chunks", "HTTP/1.1 200 OK\r\nTrailer: x\r\nContent-Length: 2\r\n\r\nok", 200],
  ["headers of its connection", `${OK.slice(0, 17)}Keep-Alive: timeout=9\r\n${OK.slice(17)}`, 200],
  ["private headers", `${OK.slice(0, 17)}Connection: x-p\r\nX-P: 1\r\n${OK.slice(17)}`, 200],
  ["an absurd status", "HTTP/1.1 099 OK\r\nContent-Length: 2\r\n\r\nok", 502],
  ["a status of one digit", "HTTP/1.1 2 OK\r\n\r\n", 502],
  [
    "another protocol",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
    502,
  ],
  ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", 502],
  ["a control character", "HTTP/1.1 200 OK\r\nX: a\x01b\r\nContent-Length: 2\r\n\r\nok", 502],
  ["no HTTP", "nonsense", 502],
  ["nothing", "", 502],
])("takes an answer with %s", async (_, given, status) => {
  await using front = await startFront(() => given);
  const answer = await askRaw(front.url, get(""));
  expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
  expect(answer).not.toMatch(/^(trailer|x-p|keep-alive: timeout=9)/im);
});

it("cuts an answer that broke off, so that nobody takes it for whole", async () => {
  await using front = await startFront(
    () => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
  );
  const answer = await askRaw(front.url, get(""));
  expect(answer).toContain("abc");
  expect(answer).not.toContain("\r\n0\r\n");
});

it("passes a websocket's refusal on, and tells what it does not understand", async () => {
  const wish = get("Upgrade: websocket\r\nConnection: Upgrade\r\nTrailer: x\r\n", "/socket");
  for (const [given, expected] of [
    ["HTTP/1.1 401 No\r\nTrailer: x\r\nContent-Length: 2\r\n\r\nno", /^HTTP\/1\.1 401 No[^]*no$/],
    ["HTTP/1.1 099 No\r\n\r\n", /^HTTP\/1\.1 502 /],
    ["", /^HTTP\/1\.1 502 /],
  ] as const) {
    await using front = await startFront(() => given);
    expect(await askRaw(front.url, wish)).toMatch(expected);
    expect(front.jellyfin.received[0]).toContain("Upgrade: websocket");
  }
});

it("answers before the request's body is complete, and reads the rest of it", async () => {
  await using stack = new AsyncDisposableStack();
  const server = createServer((_request, response) => void response.writeHead(413).end("too long"));
  const jellyfin = await listenOn(server, { host: "127.0.0.1", port: 0 });
  stack.defer(() => server.close().closeAllConnections());
  const passThrough = stack.use(
    createPassThrough(
      { url: new URL(jellyfin.url), isTrusted: () => false },
      { log: makeRecordingLog() },
    ),
  );
  const front = createServer((request, response) => passThrough.web(request, response));
  const { url } = await listenOn(front, { host: "127.0.0.1", port: 0 });
  stack.defer(() => front.close().closeAllConnections());
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  const post = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n";
  socket.write(post + "x".repeat(1_000_000));
  // The answer is here; the connection serves on when the rest of the body has gone by.
  socket.once("data", () => {
    socket.write("x".repeat(3_000_000));
    socket.write(get(""));
  });
  const [answer] = await Promise.all([text(socket), once(socket, "close")]);
  expect(answer.match(/HTTP\/1\.1 413/g)).toHaveLength(2);
});
