import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { sendJson, sendStatus } from "./answer.ts";
import { readCaller, type FakeCaller } from "./authorization.ts";
import { MOVIES, ROOT_USER, type FakeItem } from "./catalogue.ts";
import { SERVER_ID } from "./item-dto.ts";
import { ROUTES } from "./routes.ts";
import { createOwnHls } from "./own-hls.ts";
import { makeFakeSession, type FakeSession } from "./sessions.ts";
import { createFakeSockets, type FakeSockets } from "./sockets.ts";
import type { FakeState } from "./state.ts";
import { hasLegacyAuthorization, type FakeVersion } from "./version.ts";

export interface FakeJellyfinOptions {
  readonly version?: FakeVersion;
  /** As `/jellyfin`; empty by default. */
  readonly basePath?: string;
  readonly items?: readonly FakeItem[];
  readonly sessions?: readonly FakeSession[];
}

/** A server that answers as Jellyfin does, over real HTTP. Its state is there to be changed. */
export interface FakeJellyfin extends FakeState, AsyncDisposable {
  readonly url: string;
  readonly sockets: FakeSockets;
  /** Closes the port and cuts every connection. */
  stop(): Promise<void>;
  /** Listens again at the same port. */
  start(): Promise<void>;
}

export async function startFakeJellyfin(options: FakeJellyfinOptions = {}): Promise<FakeJellyfin> {
  const { version = "12.0.0", basePath = "" } = options;
  const sockets = createFakeSockets();
  const ownHls = createOwnHls();
  const state: FakeState = {
    ownHls,
    tell: (deviceId, type, content) => sockets.tell(deviceId, { MessageType: type, Data: content }),
    version,
    apiKey: "a0b1c2d3e4f5061728394a5b6c7d8e9f",
    users: [ROOT_USER],
    libraries: [MOVIES],
    items: [...(options.items ?? [])],
    sessions: [...(options.sessions ?? [])],
    requests: [],
    remoteCalls: [],
    behaviour: {
      isStarting: false,
      failWith: undefined,
      failAt: undefined,
      delayMs: 0,
      hangs: false,
      segmentsPlugin: undefined,
    },
    answers: new Map(),
  };
  const server = createServer((request, response) => {
    answer(state, basePath, request, response).catch((error: unknown) => {
      if (!response.headersSent) sendStatus(response, 500, String(error));
      else response.destroy();
    });
  });
  server.on("upgrade", (request, socket, head) => {
    const url = new URL(request.url ?? "/", "http://fake");
    const { token } = readCaller(request, url.searchParams, version);
    const isSocket = url.pathname.toLowerCase() === `${basePath}/socket`;
    if (isSocket && isKnown(state, token)) {
      const deviceId = url.searchParams.get("deviceId");
      noteSession(state, { ...readCaller(request, url.searchParams, version), deviceId }, true);
      return sockets.upgrade(request, socket, head, deviceId);
    }
    socket.end(`HTTP/1.1 ${isSocket ? "403 Forbidden" : "404 Not Found"}\r\n\r\n`);
  });
  let port = 0;
  const start = async (): Promise<void> => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a listening TCP server has one
    port = (server.address() as AddressInfo).port;
  };
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    for (const socket of sockets.open) socket.terminate();
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  await start();
  return {
    ...state,
    url: `http://127.0.0.1:${port}${basePath}`,
    sockets,
    start,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await ownHls[Symbol.asyncDispose]();
    },
  };
}

/** A device that comes with a user's token has a session from then on; with a websocket it takes orders. */
function noteSession(
  state: FakeState,
  caller: Omit<FakeCaller, "deviceId"> & { readonly deviceId: string | undefined | null },
  takesOrders: boolean,
): void {
  const { deviceId, token, client = "Jellyfin Web", device = "Chrome" } = caller;
  const user = state.users.find((each) => each.token === token);
  if (typeof deviceId !== "string" || user === undefined) return;
  const known = state.sessions.find((session) => session.deviceId === deviceId);
  const id = createHash("md5").update(deviceId).digest("hex");
  const made = { id, user, deviceId, client, deviceName: device, supportsRemoteControl: false };
  const session = known ?? makeFakeSession(made);
  if (takesOrders) session.supportsRemoteControl = true;
  if (known === undefined) state.sessions.push(session);
}

const isKnown = (state: FakeState, token: string | undefined): boolean =>
  token !== undefined &&
  (token === state.apiKey || state.users.some((user) => user.token === token));

async function answer(
  state: FakeState,
  basePath: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://fake");
  const path = pathOf(url.pathname, basePath, state.version);
  const body = await text(request);
  const { method = "GET" } = request;
  state.requests.push({
    method,
    url: `${path ?? url.pathname}${url.search}`,
    headers: request.headers,
    body,
  });
  const { behaviour } = state;
  if (behaviour.hangs) return;
  if (behaviour.delayMs > 0) await sleep(behaviour.delayMs);
  response.setHeader("Server", "Kestrel");
  if (behaviour.failWith !== undefined) return sendStatus(response, behaviour.failWith);
  const failure = behaviour.failAt?.(method, `${path ?? url.pathname}${url.search}`);
  if (failure !== undefined) return sendStatus(response, failure);
  if (behaviour.isStarting) return answerStarting(path, request, response, state);
  if (path === undefined) return sendStatus(response, 404);
  const own = state.answers.get(`${method} ${path.toLowerCase()}`);
  if (own !== undefined) {
    response.writeHead(own.status, { ...own.headers });
    return void response.end(own.body);
  }
  const wanted = method === "HEAD" ? "GET" : method;
  for (const route of ROUTES) {
    const match = route.method === wanted ? route.pattern.exec(path) : null;
    if (match === null) continue;
    const caller = readCaller(request, url.searchParams, state.version);
    if (route.isOpen !== true && !isKnown(state, caller.token)) return sendStatus(response, 401);
    noteSession(state, caller, false);
    const captured = match.slice(1).filter((part) => part !== undefined);
    const query = lowerFirst(url.searchParams);
    return route.answer({ state, request, response, query, caller, body, captured });
  }
  sendStatus(response, 404);
}

/** Names of query parameters are taken in any case; the routes read them in camelCase. */
function lowerFirst(query: URLSearchParams): URLSearchParams {
  return new URLSearchParams(
    [...query].map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
  );
}

function pathOf(path: string, basePath: string, version: FakeVersion): string | undefined {
  if (!path.startsWith(basePath)) return undefined;
  const own = path.slice(basePath.length);
  return hasLegacyAuthorization(version) ? own.replace(/^\/(emby|mediabrowser)(?=\/)/i, "") : own;
}

/** While Jellyfin starts, another server answers this one call, in camelCase, and 503 else. */
function answerStarting(
  path: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  { version }: FakeState,
): void {
  if (path?.toLowerCase() !== "/system/info/public") return sendStatus(response, 503);
  sendJson(request, response, {
    version,
    productName: "Jellyfin Server",
    id: SERVER_ID,
    startupWizardCompleted: true,
  });
}
