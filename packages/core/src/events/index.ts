export {
  createEventBus,
  EVENT_NAMES,
  meansEvent,
  upreelEventSchema,
  type EventBus,
  type EventName,
  type EventSink,
  type EventTold,
  type UpreelEvent,
} from "./events.ts";
export {
  newWebhookSchema,
  WEBHOOK_KINDS,
  webhookChangeSchema,
  webhookReceiverSchema,
  webhooksAnswerSchema,
  type WebhookChange,
  type WebhookKind,
  type WebhookReceiver,
  type WebhooksAnswer,
} from "./webhooks.ts";
