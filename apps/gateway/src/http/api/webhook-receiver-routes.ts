import { newWebhookSchema, UpreelError, webhookChangeSchema } from "@upreel/core";
import { json, Router, type Response } from "express";
import { z } from "zod";
import type { GatewayDeps } from "../deps.ts";

const readJson = json({ limit: "16kb", type: () => true });

/** Who is told of events over HTTP, and what was sent. */
export function webhookReceiverRoutes({ webhooks }: Pick<GatewayDeps, "webhooks">): Router {
  const router = Router();
  const answer = (response: Response, status = 200): void => {
    response.setHeader("Cache-Control", "no-store");
    response.status(status).json(webhooks.status());
  };
  router.get("/webhooks", (_request, response) => answer(response));
  router.post("/webhooks", readJson, async (request, response) => {
    await webhooks.add(parse(newWebhookSchema, request.body));
    answer(response, 201);
  });
  router.put("/webhooks/:id", readJson, async (request, response) => {
    await webhooks.change(request.params.id, parse(webhookChangeSchema, request.body));
    answer(response);
  });
  router.delete("/webhooks/:id", async (request, response) => {
    await webhooks.remove(request.params.id);
    answer(response);
  });
  router.post("/webhooks/:id/test", (request, response) => {
    webhooks.test(request.params.id);
    answer(response, 202);
  });
  router.post("/webhooks/deliveries/:delivery/again", (request, response) => {
    webhooks.sendAgain(parse(deliverySchema, request.params.delivery));
    answer(response, 202);
  });
  return router;
}

const deliverySchema = z.coerce.number().int().nonnegative();

function parse<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new UpreelError(
    "bad_request",
    `this is not a valid webhook: ${z.prettifyError(parsed.error)}`,
    {
      expected:
        '{"name": "My channel", "url": "https://discord.com/api/webhooks/…", "kind": "discord", "events": ["film.finished"]}',
    },
  );
}
