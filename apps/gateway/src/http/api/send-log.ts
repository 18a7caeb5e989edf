import type { RequestHandler } from "express";
import type { GatewayDeps } from "../deps.ts";
import { openEventStream } from "./event-stream.ts";

/** The log as server-sent events: its newest lines, then each that is added. */
export const sendLog =
  ({ logFeed, closing }: Pick<GatewayDeps, "logFeed" | "closing">): RequestHandler =>
  (request, response) => {
    const unsubscribe = logFeed.subscribe((line) => events.send("log", line));
    const events = openEventStream(request, response, { closing, onClose: unsubscribe });
    for (const line of logFeed.recent()) events.send("log", line);
  };
