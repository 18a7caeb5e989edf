import { createServer } from "node:net";
import { UpreelError } from "@upreel/core";
import type { Config } from "../../config.ts";
import { listenOn, type ListenAddress } from "./listen-on.ts";
import { otherDoors } from "./other-doors.ts";

type Door = Required<ListenAddress>;

const doorsOf = ({ host, port, jellyfin, ...config }: Config): readonly Door[] => [
  { host, port, setting: "PORT" },
  ...(jellyfin.url === undefined ? [] : [{ ...jellyfin.proxy, setting: "PROXY_PORT" as const }]),
  ...otherDoors(config),
];

const WILDCARDS = new Set(["0.0.0.0", "::"]);
const isSameDoor = (one: Door, other: Door): boolean =>
  one.port !== 0 &&
  one.port === other.port &&
  (one.host === other.host || [one, other].some(({ host }) => WILDCARDS.has(host)));

/**
 * Checks the addresses before a restart. Upreel could not start where it cannot listen, and nobody would see why. `now`:
 * what it listens to already. Throws `bad_request`.
 */
export async function requireFreePorts(now: Config, next: Config): Promise<void> {
  const ours = doorsOf(now);
  const wanted = doorsOf(next);
  for (const [n, door] of wanted.entries()) {
    const twice = wanted.slice(0, n).find((other) => isSameDoor(other, door));
    if (twice !== undefined)
      throw new UpreelError("bad_request", `${twice.setting} and ${door.setting} are the same`, {
        ...{ expected: "a port of its own for each", got: String(door.port) },
      });
    await tryToListen(door, ours);
  }
}

async function tryToListen(door: Door, ours: readonly Door[]): Promise<void> {
  const { host, port, setting } = door;
  // A port that is ours is free once this one has ended; whether its new address is one of this machine, any port tells.
  const isOurs = ours.some((other) => other.port === port);
  if (isOurs && ours.some((other) => other.host === host)) return;
  const server = createServer();
  try {
    await listenOn(server, isOurs ? { ...door, port: 0 } : door);
  } catch (thrown) {
    throw new UpreelError("bad_request", thrown instanceof Error ? thrown.message : "", {
      expected: `${setting} to be a port that this computer can listen on`,
      got: `${host}:${port}`,
      cause: thrown,
    });
  } finally {
    server.close();
  }
}
