import { queueMoveSchema, UpreelError, type QueueAnswer } from "@upreel/core";
import { json, Router } from "express";
import { viewsInTurns } from "../../waiting/in-turns.ts";
import type { GatewayDeps } from "../deps.ts";
import { streamBody } from "./stream-body.ts";

const BODY_LIMIT = "1mb";

/** The order in which films are made that nobody watches; any gateway changes it for all. */
export function queueRoutes(deps: Pick<GatewayDeps, "streams" | "peers" | "queue">): Router {
  const { queue } = deps;
  const router = Router();
  const answer = async (): Promise<QueueAnswer> => {
    const ids = [...queue.inOrder(await allStatuses(deps))];
    // One that failed keeps its place, and is not among those that wait.
    const moved = new Set(queue.ids);
    return { ids, by_hand: ids.filter((id) => moved.has(id)).length };
  };
  router.get("/queue", async (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.json(await answer());
  });
  router.post(
    "/queue",
    json({ type: () => true, limit: BODY_LIMIT }),
    async (request, response) => {
      const move = queueMoveSchema.safeParse(request.body);
      if (!move.success)
        throw new UpreelError(
          "bad_request",
          "the body does not say which films to move, and where",
          {
            expected:
              '{"ids": ["<id>"], "before": "<id>"}, null for the end, without "before" the front',
          },
        );
      await queue.move(move.data, await allStatuses(deps));
      response.json(await answer());
    },
  );
  return router;
}

/** Of this gateway and the others, each once. */
async function allStatuses({ streams, peers }: Pick<GatewayDeps, "streams" | "peers">) {
  const theirs = (await peers?.statuses()) ?? [];
  const all = new Map(theirs.map((status) => [status.id, status]));
  for await (const view of viewsInTurns(streams)) all.set(view.id, streamBody(view));
  return [...all.values()];
}
