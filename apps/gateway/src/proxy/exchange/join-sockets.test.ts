import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { expect, it } from "vitest";
import { joinSockets } from "./join-sockets.ts";

interface Pair {
  readonly outer: Socket;
  /** The end of it that is joined. */
  readonly inner: Socket;
}

async function connectPair(): Promise<Pair> {
  const server = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const outer = connect({ port: address.port, allowHalfOpen: true });
  const [inner] = await once(server, "connection");
  server.close();
  outer.on("error", () => undefined);
  return { outer, inner };
}

/** All that comes, without closing what can still be written to. */
async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "end");
  return Buffer.concat(chunks);
}

const MUCH = Buffer.alloc(3_000_000, "film");

it("passes all on in both directions, to the end of each", async () => {
  const [client, jellyfin] = [await connectPair(), await connectPair()];
  joinSockets(client.inner, jellyfin.inner);
  client.outer.end(MUCH);
  expect((await readAll(jellyfin.outer)).equals(MUCH)).toBe(true);
  // The other direction goes on after the end of this one.
  jellyfin.outer.end(MUCH);
  expect((await readAll(client.outer)).equals(MUCH)).toBe(true);
  for (const { inner } of [client, jellyfin]) if (!inner.destroyed) await once(inner, "close");
});

it("takes the other along when one breaks off, whoever it is", async () => {
  for (const which of ["client", "jellyfin"] as const) {
    const pairs = { client: await connectPair(), jellyfin: await connectPair() };
    joinSockets(pairs.client.inner, pairs.jellyfin.inner);
    const other = which === "client" ? pairs.jellyfin : pairs.client;
    other.outer.resume();
    const gone = once(other.outer, "end");
    pairs[which].outer.resetAndDestroy();
    await gone;
  }
});

it("leaves room for the listeners of others: Node warns of more than ten", async () => {
  const [client, jellyfin] = [await connectPair(), await connectPair()];
  const before = client.inner.listenerCount("close");
  joinSockets(client.inner, jellyfin.inner);
  expect(client.inner.listenerCount("close") - before).toBeLessThanOrEqual(3);
  for (const { outer } of [client, jellyfin]) outer.destroy();
});
