import type { RequestHandler } from "express";
import type { GatewayDeps } from "../deps.ts";
import { followPeers } from "../peers/follow-peers.ts";
import { viewsInTurns } from "../../waiting/in-turns.ts";
import { openEventStream } from "./event-stream.ts";
import { streamBody } from "./stream-body.ts";

/** What becomes of one stream, or of all of them and of models, as server-sent events. */
export function sendEvents(
  deps: Pick<GatewayDeps, "streams" | "queue" | "models" | "machine" | "peers" | "closing">,
): RequestHandler {
  const { streams } = deps;
  return async (request, response) => {
    const id = typeof request.query["id"] === "string" ? request.query["id"] : undefined;
    const asked = id === undefined ? undefined : streams.status(id);
    const unsubscribe = streams.subscribe((event) => {
      const eventId = event.type === "status" ? event.status.id : event.id;
      if (id !== undefined && eventId !== id) return;
      if (event.type === "status") events.send("status", streamBody(event.status));
      else if (event.type === "removed") events.send("removed", { id: event.id });
      // Whoever follows this one alone is led to its new owner when he asks again.
      else if (id !== undefined) events.end();
    });
    const forget =
      id === undefined
        ? [
            deps.models.downloads.subscribe((model, download) =>
              events.send("download", { id: model, ...download }),
            ),
            deps.machine.onBenchmark((benchmark) => events.send("benchmark", benchmark)),
            deps.queue.subscribe((ids) => events.send("queue", { ids })),
          ]
        : [];
    const events = openEventStream(request, response, {
      closing: deps.closing,
      onClose() {
        unsubscribe();
        for (const unsubscribed of forget) unsubscribed();
      },
    });
    if (asked !== undefined) return events.send("status", streamBody(asked));
    for await (const status of viewsInTurns(streams)) {
      events.send("status", streamBody(status));
      await events.taken();
      if (response.destroyed) return;
    }
    const others = deps.peers && followPeers(deps.peers, events);
    if (others !== undefined) response.once("close", others.end);
    events.send("queue", { ids: deps.queue.ids });
    // What a client knows besides these was deleted while it did not listen.
    events.send("current", { ids: [...streams.ids(), ...((await others?.ids()) ?? [])] });
    if (response.destroyed) others?.end();
  };
}
