import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** Nothing of an answer to half a request for so long: the server waits for the rest. */
const UNFINISHED_MS = 1_000;
/** Who has not answered a whole request by then hangs. */
const WHOLE_MS = 60_000;

/** Whether a server need not wait for more: without doubt all bytes that were announced are there. */
export function isWholeRequest(bytes: string | Buffer): boolean {
  const text = bytes.toString("latin1");
  const bodyAt = text.indexOf("\r\n\r\n") + 4;
  if (bodyAt < 4) return false;
  const [head, body] = [text.slice(0, bodyAt), text.slice(bodyAt)];
  const said = head.match(/^(content-length|transfer-encoding|expect)\b.*$/gim) ?? [];
  if (said.length === 0) return true;
  if (said.length > 1) return false;
  const [, length] = /^content-length: (\d+)$/i.exec(said[0] ?? "") ?? [];
  if (length !== undefined) return Number(length) === body.length;
  return (
    /^transfer-encoding: chunked$/i.test(said[0] ?? "") && /(^|\r\n)0\r\n(.+\r\n)*\r\n$/.test(body)
  );
}

/**
 * Sends bytes to a server of this machine as they are, whole or broken, and tells what comes back (as
 * latin1) until the server closes the connection, or
 * the first of it is enough. Ask for that with `Connection: close`.
 */
export async function askRaw(
  url: string,
  bytes: string | Buffer,
  {
    isEnough = () => false,
    patienceMs = isWholeRequest(bytes) ? WHOLE_MS : UNFINISHED_MS,
  }: {
    readonly isEnough?: (got: string) => boolean;
    /** Without a byte of an answer, after which the request is ended. */
    readonly patienceMs?: number;
  } = {},
): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // A server may well reset the connection of somebody who sends nonsense.
  const broken = once(socket, "error").then(() => Buffer.alloc(0));
  broken.catch(() => undefined);
  // Half a request is ended by that: who waits for the rest of it closes the connection.
  const ending = setTimeout(() => socket.end(), patienceMs);
  socket.once("data", () => clearTimeout(ending));
  socket.write(bytes, "latin1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    if (isEnough(Buffer.concat(chunks).toString("latin1"))) socket.destroy();
  });
  await Promise.race([once(socket, "close"), broken]).catch(() => undefined);
  clearTimeout(ending);
  socket.destroy();
  return Buffer.concat(chunks).toString("latin1");
}

/** A server that answers each connection's first bytes with any bytes, whole or broken. */
export interface RawServer extends AsyncDisposable {
  readonly url: string;
  /** What it was sent, one entry a connection, as latin1. */
  readonly received: readonly string[];
}

/** Answers what `answer` gives for the start of a request and ends the connection. */
export async function startRawServer(
  answer: (request: string) => string | Buffer,
): Promise<RawServer> {
  const received: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.once("data", (chunk: Buffer) => {
      const text = chunk.toString("latin1");
      received.push(text);
      socket.end(answer(text), "latin1");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
