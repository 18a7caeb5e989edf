import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { toUpreelError } from "@upreel/core";
import type { WebSocket, WebSocketServer } from "ws";
import { httpStatus } from "../http/server/error-status.ts";
import type { TranscodeJobs } from "./transcode-jobs.ts";
import { isOver, type TranscodeJob } from "./transcode-job.ts";

const PATH = /^\/ws\/progress\/([\w-]{1,64})$/;
/** After so long a silence it is told that the connection is there; and it is asked so often whether it is there itself. */
const KEEPALIVE_MS = 30_000;
const MOST_MESSAGE_BYTES = 1_024;

/** Whether a request wants to be told of a job. */
export const isJobUpgrade = ({ method, headers, url = "" }: IncomingMessage): boolean =>
  method === "GET" && headers.upgrade?.toLowerCase() === "websocket" && PATH.test(url);

/** Tells those who ask of the progress of a job. `admit` throws for who may not. */
export function takeListeners(
  server: Server,
  jobs: TranscodeJobs,
  admit: (request: IncomingMessage) => void,
): void {
  let sockets: Promise<WebSocketServer> | undefined;
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const letIn = async (): Promise<void> => {
      admit(request);
      const job = jobs.see(PATH.exec(request.url ?? "")?.[1] ?? "");
      const opened = await (sockets ??= openSockets());
      opened.handleUpgrade(request, socket, head, (taken) => tell(taken, job, jobs));
    };
    letIn().catch((thrown: unknown) => {
      const status = httpStatus(toUpreelError(thrown).code);
      socket.end(
        `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
        () => socket.destroy(),
      );
    });
  });
}

function tell(socket: WebSocket, job: TranscodeJob, jobs: TranscodeJobs): void {
  const keepalive = setInterval(() => socket.send("keepalive"), KEEPALIVE_MS);
  // A caller whose line was cut would be taken for one that listens, and his job would be made to its end.
  let isThere = true;
  const asking = setInterval(() => {
    if (!isThere) return socket.terminate();
    isThere = false;
    socket.ping();
  }, KEEPALIVE_MS);
  socket.on("pong", () => (isThere = true));
  const send = (text: string): void => {
    // Who does not read is not written to.
    if (socket.bufferedAmount > 64 * MOST_MESSAGE_BYTES) return socket.terminate();
    socket.send(text);
    keepalive.refresh();
  };
  const onChange = (): void => {
    const { job_id, status, progress, fps, speed, error } = jobs.answer(job);
    send(JSON.stringify({ job_id, status, progress, fps, speed, error }));
    if (isOver(job)) socket.close(1000);
  };
  const stop = jobs.subscribe(job, onChange);
  socket.on("message", (message) => {
    isThere = true;
    if (Buffer.isBuffer(message) && message.toString() === "ping") send("pong");
  });
  socket.on("error", () => socket.terminate());
  socket.on("close", () => {
    stop();
    clearInterval(keepalive);
    clearInterval(asking);
  });
  const { job_id, status, progress } = jobs.answer(job);
  send(JSON.stringify({ job_id, status, progress }));
  if (isOver(job)) socket.close(1000);
}

/** Who gives no jobs does without it. */
async function openSockets(): Promise<WebSocketServer> {
  const ws = await import("ws");
  const options = { noServer: true, maxPayload: MOST_MESSAGE_BYTES, perMessageDeflate: false };
  return new ws.WebSocketServer(options);
}
