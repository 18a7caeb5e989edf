import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { makeRecordingLog } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createLastDefence } from "./last-defence.ts";
import { serveHanded } from "./server.ts";

/** How a connection ends that asks for something and keeps on. */
async function ask(port: number): Promise<{ socket: Socket; answer: string }> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const answer = await Promise.race([
    once(socket, "data").then(([bytes]) => String(bytes)),
    once(socket, "close").then(() => "closed"),
  ]);
  return { socket, answer };
}

it("closes connections beyond its bound at once, and takes others when one has ended", async () => {
  const listener = (_: unknown, response: { end(text: string): void }): void => response.end("ok");
  await using http = serveHanded(listener, createLastDefence(makeRecordingLog()), {
    maxConnections: 2,
  });
  // As the supervisor does: it accepts, and hands over.
  const accepting = createServer({ pauseOnConnect: true }, (socket) => http.take(socket));
  accepting.listen(0, "127.0.0.1");
  await once(accepting, "listening");
  const { port } = accepting.address() as { port: number };
  const first = await ask(port);
  const second = await ask(port);
  expect([first, second].map(({ answer }) => answer)).toEqual([
    expect.stringContaining("200 OK"),
    expect.stringContaining("200 OK"),
  ]);
  expect((await ask(port)).answer).toBe("closed");
  first.socket.destroy();
  // The server learns of it in its own time.
  let later = await ask(port);
  while (later.answer === "closed") later = await ask(port);
  expect(later.answer).toContain("200 OK");
  for (const { socket } of [second, later]) socket.destroy();
  accepting.close();
});
