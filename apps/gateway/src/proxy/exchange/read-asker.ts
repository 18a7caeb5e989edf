import type { IncomingMessage } from "node:http";
import { readClientIdentity } from "@upreel/jellyfin";

/** Who sends a request to Jellyfin. */
export interface RequestSender {
  /** The device that says who it is, else the user, else the address. */
  readonly viewer: string;
  /** Whether that is a device, which plays one thing at a time; several may share the others. */
  readonly isDevice: boolean;
  readonly client: string | undefined;
}

export function readAsker(request: IncomingMessage, userId: string | undefined): RequestSender {
  const { headers, socket } = request;
  const legacy = headers["x-emby-authorization"];
  const { deviceId, client } = readClientIdentity(
    headers.authorization ?? (typeof legacy === "string" ? legacy : undefined),
  );
  const viewer = deviceId ?? userId ?? socket.remoteAddress ?? "unknown";
  return { viewer, isDevice: deviceId !== undefined, client };
}
