export { openWebhooks, type Webhooks, type WebhooksParts } from "./open-webhooks.ts";
