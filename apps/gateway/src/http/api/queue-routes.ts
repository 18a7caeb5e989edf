import { queueMoveSchema, UpreelError, type QueueAnswer } from "@upreel/core";
import { json, Router } from "express";
import type { GatewayDeps } from "../deps.ts";
import { allStatuses } from "./all-statuses.ts";

const BODY_LIMIT = "1mb";

/** The order in which films are made that nobody watches; any gateway changes it for all. */
export function queueRoutes(deps: Pick<GatewayDeps, "streams" | "peers" | "queue">): Router {
  const { queue } = deps;
  const router = Router();
  const answer = async (): Promise<QueueAnswer> => {
    const ids = [...queue.inOrder(await Array.fromAsync(allStatuses(deps)))];
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
      await queue.move(move.data, await Array.fromAsync(allStatuses(deps)));
      response.json(await answer());
    },
  );
  return router;
}
