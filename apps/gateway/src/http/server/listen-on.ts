import type { AddressInfo, Server } from "node:net";
import { UpreelError } from "@upreel/core";

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** What sets the port, for messages. */
  readonly setting?: "PORT" | "PROXY_PORT" | "AI_SERVICE_PORT" | "TRANSCODE_PORT";
}

/** Listens and tells the URL, or throws `invalid_config` that says what to do. */
export async function listenOn(
  server: Server,
  { host, port, setting = "PORT" }: ListenAddress,
): Promise<{ readonly url: string }> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(listenError(cause, host, port, setting)));
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  const shownHost = ["0.0.0.0", "::"].includes(host) ? "127.0.0.1" : host;
  return { url: `http://${shownHost.includes(":") ? `[${shownHost}]` : shownHost}:${taken}` };
}

function listenError(cause: Error, host: string, port: number, setting: string): UpreelError {
  const code = "code" in cause ? String(cause.code) : "";
  const advice: Record<string, string> = {
    EADDRINUSE: `port ${port} is already in use: is Upreel running already? Take another one with ${setting}=${port + 1}`,
    EACCES: `this user may not listen on port ${port}: take one above 1023 with ${setting}=5000`,
    EADDRNOTAVAIL: `${host} is no address of this machine: set HOST=127.0.0.1 or HOST=0.0.0.0`,
    ENOTFOUND: `the host name ${host} is not known: set HOST=127.0.0.1 or HOST=0.0.0.0`,
  };
  return new UpreelError(
    "invalid_config",
    advice[code] ?? `cannot listen on ${host}:${port}: ${cause.message}`,
    { cause },
  );
}
