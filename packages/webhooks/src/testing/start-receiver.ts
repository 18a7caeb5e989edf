import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** What the next requests are answered with; undefined: 204; below 100: nothing. */
  answer: ((request: Received) => { status: number; headers?: object; body?: string }) | undefined;
}

/** Somebody who is told of events, on this machine. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const body = JSON.parse(text) as Record<string, unknown>;
      const one = { method, url, headers, text, body };
      received.push(one);
      const {
        status,
        headers: more = {},
        body: said = "",
      } = receiver.answer?.(one) ?? {
        status: 204,
      };
      if (status >= 100) response.writeHead(status, { connection: "close", ...more }).end(said);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const at = (server.address() as AddressInfo).port;
  const receiver: Receiver = {
    ...{ url: `http://127.0.0.1:${at}`, port: at, received, answer: undefined },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}
