import { createServer, type Server } from "node:net";
import type { Log } from "@upreel/core";
import { listenOn, type ListenAddress } from "../http/server/listen-on.ts";
import type { Door } from "./handover.ts";
import type { Caller } from "./running-gateway.ts";

export interface Listening {
  /** `http://host:port` of each door. */
  readonly api: string;
  readonly proxy: string | undefined;
}

/** A door of its own for programs that were written for another service. */
interface OtherDoor extends ListenAddress {
  readonly door: Door;
  /** Who is answered there, for people. */
  readonly who: string;
}

/** Where callers are answered. */
export interface Doors {
  readonly api: ListenAddress;
  readonly proxy: ListenAddress | undefined;
  /** Where other programs ask; by default nowhere. */
  readonly others?: readonly OtherDoor[];
  readonly log: Log;
}

/** Listens at all doors, or at none: what is left open would keep a process that has nothing to do. */
export async function openDoors(
  { api, proxy, others = [], log }: Doors,
  onCaller: (caller: Caller) => void,
): Promise<{ readonly urls: Listening; readonly close: () => void }> {
  const servers: Server[] = [];
  const close = (): void => {
    for (const server of servers) server.close();
  };
  const openDoor = async (door: Door, address: ListenAddress): Promise<string> => {
    const server = createServer({ pauseOnConnect: true }, (socket) => {
      // A client that goes while it waits; everything else is the gateway's concern.
      socket.on("error", () => socket.destroy());
      onCaller({ socket, door });
    });
    const { url } = await listenOn(server, address);
    servers.push(server);
    // Too many open files, for example: one connection is lost, the next one may come.
    server.on("error", (error) => log.error(`a connection failed: ${error.message}`));
    return url;
  };
  try {
    const urls = {
      api: await openDoor("api", api),
      proxy: proxy && (await openDoor("proxy", { ...proxy, setting: "PROXY_PORT" })),
    };
    for (const { door, who, ...address } of others)
      log.info(`${who} is answered on ${await openDoor(door, address)}`);
    return { urls, close };
  } catch (thrown) {
    close();
    throw thrown;
  }
}
