import { once } from "node:events";
import { createServer, IncomingMessage, type RequestListener } from "node:http";
import { Socket, type AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { makeRecordingLog } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createPlayedElsewhere } from "./played-elsewhere.ts";

const KEY = ["x-upreel-gateway", "what only gateways know"] as const;
const ASKED = { viewer: "tv", itemId: "item", body: Buffer.from('{"UserId":"u"}') };
const INFO = { MediaSources: [], PlaySessionId: "p1" };

/** Another gateway that answers by `answer`, once `awake`, and what it was asked. */
async function startOwner(
  answer: (asked: string) => object | undefined,
  awake: Promise<void> = Promise.resolve(),
) {
  const asked: string[] = [];
  const listener: RequestListener = (request, response) => {
    void Promise.all([buffer(request), awake]).then(([body]) => {
      const { method, url, headers } = request;
      const text = `${method} ${url} ${String(headers["x-original-uri"] ?? "")} ${body.toString()}`;
      asked.push(`${text} by ${headers[KEY[0]] === KEY[1] ? "a gateway" : "anybody"}`);
      const given = answer(text);
      response.statusCode = given === undefined ? 404 : 200;
      response.end(JSON.stringify(given ?? {}));
    });
  };
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    url: new URL(`http://127.0.0.1:${port}`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function clientRequest(method: string, url: string): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  return Object.assign(request, { method, url, rawHeaders: ["Authorization", "of the device"] });
}

it("asks the gateway that has the stream, knows from then on who looks after the device, and tells it what happens", async () => {
  await using owner = await startOwner(() => INFO);
  const fromPeer = clientRequest("POST", "/mirrored");
  const elsewhere = createPlayedElsewhere(
    {
      ownerOf: async (id) => (id === "stream" ? { url: owner.url, headers: [KEY] } : undefined),
      isFromPeer: (request) => request === fromPeer,
    },
    { isTrusted: () => false, log: makeRecordingLog(), isHere: () => false },
  );
  const ask = elsewhere.playbackInfo(clientRequest("POST", "/Items/item/PlaybackInfo?a=b"), ASKED);
  // Nothing is known of the device, and nobody has another stream.
  expect([await ask(), await ask("another")]).toEqual([undefined, undefined]);
  expect(owner.asked).toEqual([]);

  expect(JSON.parse(String((await ask("stream"))?.body))).toEqual(INFO);
  expect(owner.asked).toEqual([
    `POST /internal/proxy/Items/item/PlaybackInfo?a=b  ${String(ASKED.body)} by a gateway`,
  ]);
  expect(elsewhere.streamOf({ viewer: "tv" })).toBe("stream");
  expect(elsewhere.streamOf({ playSessionId: "p1" })).toBe("stream");
  expect(elsewhere.streamOf({ viewer: "tv", itemId: "other" })).toBeUndefined();
  expect(elsewhere.streamOf({ viewer: "phone" })).toBeUndefined();
  expect(elsewhere.streamOf({ viewer: undefined, playSessionId: undefined })).toBeUndefined();

  // The request itself may have come as a copy, at another path.
  const told = { url: "/Sessions/Playing", body: Buffer.from("{}") };
  const copy = clientRequest("POST", "/mirrored");
  expect(elsewhere.tell({ viewer: "phone" }, copy, told)).toBe(false);
  expect(elsewhere.tell({ viewer: "tv" }, fromPeer, told)).toBe(false);
  expect(await elsewhere.playbackInfo(fromPeer, ASKED)()).toBeUndefined();
  expect(elsewhere.tell({ viewer: "tv" }, copy, told)).toBe(true);
  await expect
    .poll(() => owner.asked.at(-1), { timeout: 60_000 })
    .toBe("POST /internal/proxy/upscale/mirrored /Sessions/Playing {} by a gateway");
  // It asks again for the same, and then for something else.
  expect(await ask()).toBeDefined();
  const next = { ...ASKED, itemId: "next" };
  expect(await elsewhere.playbackInfo(clientRequest("POST", "/x"), next)()).toBeUndefined();
  expect(elsewhere.streamOf({ viewer: "tv" })).toBeUndefined();
});

it.each([
  ["refuses", () => undefined],
  ["answers something else", () => ({ hello: 1 })],
])("leaves the answer to this gateway where the other one %s", async (_, answer) => {
  await using owner = await startOwner(answer);
  const elsewhere = createPlayedElsewhere(
    { ownerOf: async () => ({ url: owner.url, headers: [KEY] }), isFromPeer: () => false },
    { isTrusted: () => false, log: makeRecordingLog(), isHere: () => false },
  );
  const ask = elsewhere.playbackInfo(clientRequest("POST", "/Items/item/PlaybackInfo"), ASKED);
  expect(await ask("stream")).toBeUndefined();
  expect(elsewhere.streamOf({ viewer: "tv" })).toBeUndefined();
});

it("leaves the answer to this gateway where the other one stands still", async () => {
  await using owner = await startOwner(() => INFO, Promise.withResolvers<void>().promise);
  const elsewhere = createPlayedElsewhere(
    { ownerOf: async () => ({ url: owner.url, headers: [KEY] }), isFromPeer: () => false },
    { isTrusted: () => false, log: makeRecordingLog(), isHere: () => false, answerMs: 1 },
  );
  const ask = elsewhere.playbackInfo(clientRequest("POST", "/Items/item/PlaybackInfo"), ASKED);
  expect(await ask("stream")).toBeUndefined();
});

it("a stream that this gateway has taken over is its own to look after", async () => {
  await using owner = await startOwner(() => INFO);
  let isHere = false;
  const elsewhere = createPlayedElsewhere(
    { ownerOf: async () => ({ url: owner.url, headers: [KEY] }), isFromPeer: () => false },
    { isTrusted: () => false, log: makeRecordingLog(), isHere: () => isHere },
  );
  const request = clientRequest("POST", "/Items/item/PlaybackInfo");
  await elsewhere.playbackInfo(request, ASKED)("stream");
  const told = { url: "/Sessions/Playing/Progress", body: Buffer.from("{}") };
  const copy = clientRequest("POST", "/mirrored");
  expect(elsewhere.tell({ viewer: "tv" }, copy, told)).toBe(true);
  isHere = true;
  expect(elsewhere.tell({ viewer: "tv" }, copy, told)).toBe(false);
  expect(elsewhere.streamOf({ viewer: "tv" })).toBeUndefined();
});
