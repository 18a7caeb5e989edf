import type { WebSocket } from "ws";
import type { FarmLink } from "./farm-link.ts";

/** Unsent, a worker that does not read is as good as lost. */
const MOST_UNSENT_BYTES = 64 * 1024 * 1024;

/** A websocket as a link; what is no text closes it. */
export function linkOf(socket: WebSocket): FarmLink {
  let isOver = false;
  const link: FarmLink = {
    send(text) {
      if (socket.bufferedAmount > MOST_UNSENT_BYTES) return link.close("it does not read");
      // An error is told by "close", too.
      socket.send(text, () => undefined);
    },
    close(why) {
      // In a frame of the protocol there is room for 123 bytes.
      socket.close(1008, Buffer.from(why).subarray(0, 100).toString());
      setTimeout(() => socket.terminate(), 1_000).unref();
      over(why);
    },
    onText: () => undefined,
    onClosed: () => undefined,
  };
  const over = (why: string): void => {
    if (isOver) return;
    isOver = true;
    link.onClosed(why);
  };
  socket.on("message", (data, isBinary) => {
    if (isBinary || !(data instanceof Buffer)) link.close("a message is no text");
    else if (!isOver) link.onText(data.toString());
  });
  socket.on("error", (error) => over(error.message));
  socket.on("close", (code, reason) =>
    over(reason.length > 0 ? reason.toString() : `the connection ended (${code})`),
  );
  return link;
}
