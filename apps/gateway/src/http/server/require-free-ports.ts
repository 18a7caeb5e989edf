import { createServer } from "node:net";
import { UpreelError } from "@upreel/core";
import type { Config } from "../../config.ts";
import type { SettingsStore } from "../../config/settings-store.ts";
import { listenOn, type ListenAddress } from "./listen-on.ts";

type Door = Required<ListenAddress>;

const doorsOf = ({ host, port, jellyfin, aiService, transcode }: Config): readonly Door[] => [
  { host, port, setting: "PORT" },
  ...(jellyfin.url === undefined ? [] : [{ ...jellyfin.proxy, setting: "PROXY_PORT" as const }]),
  ...openOf({ ...aiService, setting: "AI_SERVICE_PORT" }),
  ...openOf({ ...transcode, setting: "TRANSCODE_PORT" }),
];
const openOf = ({
  host,
  port,
  setting,
}: Omit<Door, "port"> & { readonly port: number | undefined }): readonly Door[] =>
  port === undefined ? [] : [{ host, port, setting }];

/**
 * Before a restart: a port that another program has would end Upreel, with nobody at its terminal. Throws
 * `bad_request`.
 */
export async function requireFreePorts({
  config,
  next,
}: Pick<SettingsStore, "config" | "next">): Promise<void> {
  const ours = doorsOf(config).map(({ port }) => port);
  for (const door of doorsOf(next).filter(({ port }) => !ours.includes(port))) {
    const server = createServer();
    try {
      await listenOn(server, door);
    } catch (thrown) {
      throw new UpreelError("bad_request", thrown instanceof Error ? thrown.message : "", {
        expected: `${door.setting} to be a port that this computer can listen on`,
        got: String(door.port),
        cause: thrown,
      });
    } finally {
      server.close();
    }
  }
}
