import {
  answer,
  failure,
  idParameter,
  json,
  operation,
  pathParameter,
  ref,
} from "./openapi-parts.ts";

const webhooks = answer("Who is told of events, and what was sent", json(ref("Webhooks")));
const body = (name: string) => ({ requestBody: { required: true, content: json(ref(name)) } });

/** Outgoing webhooks. */
export const webhookPaths = {
  "/webhooks": {
    get: operation("Who is told of events, and the last deliveries", webhooks),
    post: {
      ...{ summary: "Tell somebody of events", ...body("NewWebhook") },
      responses: { 201: webhooks, default: failure },
    },
  },
  "/webhooks/{id}": {
    put: {
      ...operation("Change a webhook; what is left out stays", webhooks, true),
      ...body("WebhookChange"),
    },
    delete: operation("Remove a webhook, with all that waits for it", webhooks, true),
  },
  "/webhooks/{id}/test": {
    post: {
      ...{ summary: "Send a test", parameters: [idParameter] },
      responses: { 202: webhooks, default: failure },
    },
  },
  "/webhooks/deliveries/{delivery}/again": {
    post: {
      ...{ summary: "Send an event once more", parameters: [pathParameter("delivery")] },
      responses: { 202: webhooks, default: failure },
    },
  },
};
