import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below those that systems give to who asks for any (Linux from 32768, others from 49152), and to each connection that is opened: a
 * server that is started again on its port later would find it taken by the connection of somebody else.
 */
const [LOWEST, HIGHEST] = [20_000, 32_000];

/** A port of this machine that nobody listens on, for a server that has to be named before it starts. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    const server = createServer();
    const isFree = await once(server.listen(port, "127.0.0.1"), "listening").then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "EADDRINUSE") return false;
        throw error;
      },
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
