import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { makeRandom } from "@upreel/testkit";

/** What TCP waits at least before it sends again what was lost (RFC 6298, as Linux has it). */
const RETRANSMISSION_MS = 200;
/** Of a packet on Ethernet. */
const PACKET_BYTES = 1_448;

/** A way to a port on which bytes take their time, both ways. */
export interface Line extends Disposable {
  readonly port: number;
  /** Each byte takes so much longer. */
  delayMs: number;
  /** Of the packets, that are lost and sent again. */
  lossShare: number;
  /** Pulls the cable, or plugs it in: no byte is lost, and none goes through meanwhile. */
  setCable(isIn: boolean): void;
}

/** Connections to the line's own port on `host` go on to `target` on the same host. */
export async function openLine(target: number, host = "127.0.0.1"): Promise<Line> {
  const random = makeRandom(1);
  let cable: PromiseWithResolvers<void> | undefined;
  const sockets = new Set<Socket>();

  const lossMs = (bytes: number): number => {
    let lost = 0;
    for (let at = 0; at < bytes; at += PACKET_BYTES) if (random.next() < line.lossShare) lost += 1;
    return lost * RETRANSMISSION_MS;
  };

  function pass(from: Socket, to: Socket): void {
    let sending = Promise.resolve();
    const then = (act: () => void, bytes: number): void => {
      const dueMs = performance.now() + line.delayMs + lossMs(bytes);
      sending = sending.then(async () => {
        await sleep(Math.max(0, dueMs - performance.now()));
        await cable?.promise;
        if (!to.destroyed) act();
      });
    };
    sockets.add(from);
    from.on("data", (chunk) => then(() => void to.write(chunk), chunk.length));
    from.on("end", () => then(() => void to.end(), 0));
    from.on("error", () => undefined);
    from.on("close", (hadError) => {
      sockets.delete(from);
      then(() => (hadError ? to.destroy() : to.end()), 0);
    });
  }

  const server = createServer((near) => {
    const far = connect({ host, port: target });
    pass(near, far);
    pass(far, near);
  });
  server.listen(0, host);
  await once(server, "listening");
  const line: Line = {
    port: (server.address() as AddressInfo).port,
    ...{ delayMs: 0, lossShare: 0 },
    setCable(isIn) {
      if (!isIn) cable ??= Promise.withResolvers<void>();
      else {
        cable?.resolve();
        cable = undefined;
      }
    },
    [Symbol.dispose]() {
      line.setCable(true);
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  return line;
}
