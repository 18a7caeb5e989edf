import { ServerResponse, type ClientRequest, type IncomingMessage } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Log } from "@upreel/core";
import { endToEndHeaders } from "../../http/server/end-to-end-headers.ts";
import { joinSockets } from "./join-sockets.ts";
import { sendAnswer, sendNotice } from "./send-answer.ts";

const WEBSOCKET = ["Connection", "Upgrade", "Upgrade", "websocket"];

/** Only websockets are passed on as such; a server may take any other wish as a plain request. */
export const isWebsocket = ({ method, headers }: IncomingMessage): boolean =>
  method === "GET" && headers.upgrade?.toLowerCase() === "websocket";

export interface Upgrading {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What came behind the request's headers. */
  readonly head: Buffer;
}

/** Passes a websocket on, or the answer that refuses it. `open` sends the request with more headers. */
export function passUpgrade(
  { request, socket, head }: Upgrading,
  log: Log,
  open: (headers: string[]) => ClientRequest,
): void {
  socket.on("error", () => socket.destroy());
  const response = answerOn(request, socket);
  const refuse = (thrown: unknown): void => {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    log.debug(`a websocket cannot be passed on: ${message}`);
    sendNotice(response, 502, `Jellyfin takes no websocket (${message})`);
  };
  const guard = (act: () => void): void => {
    try {
      act();
    } catch (thrown) {
      refuse(thrown);
    }
  };
  guard(() => {
    const outgoing = open(WEBSOCKET);
    socket.once("close", () => outgoing.destroy());
    outgoing.on("error", refuse);
    outgoing.once("response", (answer) => guard(() => sendAnswer(answer, response, true)));
    outgoing.once("upgrade", (answer, upstream, first) =>
      guard(() => {
        if (answer.headers.upgrade?.toLowerCase() !== "websocket") {
          upstream.destroy();
          throw new Error("it changed to another protocol");
        }
        response.detachSocket(socket as Socket);
        connect({ socket, upstream, first }, answer);
        if (head.length > 0) upstream.write(head);
      }),
    );
    outgoing.end();
  });
}

/** A response as the server makes one for plain requests; the connection ends with it. */
function answerOn(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  // node:http knows upgraded connections as duplex streams; here they are sockets.
  response.assignSocket(socket as Socket);
  response.once("finish", () => socket.end());
  return response;
}

function connect(
  { socket, upstream, first }: { socket: Duplex; upstream: Duplex; first: Buffer },
  answer: IncomingMessage,
): void {
  for (const each of [socket, upstream]) {
    if (!(each instanceof Socket)) continue;
    each.setTimeout(0);
    each.setNoDelay(true);
    each.setKeepAlive(true);
  }
  const headers = [...endToEndHeaders(answer.rawHeaders).flat(), ...WEBSOCKET];
  const lines = headers.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${headers[i + 1]}`] : []));
  socket.write(["HTTP/1.1 101 Switching Protocols", ...lines, "", ""].join("\r\n"), "latin1");
  if (first.length > 0) socket.write(first);
  joinSockets(socket, upstream);
}
