import { z } from "zod";
import { EVENT_NAMES, meansEvent } from "./events.ts";

/** Bodies that are ready made. `json` is the event itself. */
export const WEBHOOK_KINDS = ["json", "discord", "ntfy", "gotify", "home-assistant"] as const;
export type WebhookKind = (typeof WEBHOOK_KINDS)[number];

const urlSchema = z
  .string()
  .trim()
  .max(2_000)
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isHttp = url?.protocol === "http:" || url?.protocol === "https:";
    return isHttp && url.username === "" && url.password === "";
  }, "expected an http or https address, without a name and password in it");

const eventPatternSchema = z
  .string()
  .max(100)
  .refine(
    (pattern) => EVENT_NAMES.some((name) => meansEvent(pattern, name)),
    `expected an event, or * for a word of it: film.*; events are ${EVENT_NAMES.join(", ")}`,
  );

/** A key to sign or to sign in with; it is not told again. */
const secretSchema = z.string().min(8, "expected at least 8 characters").max(500);

/** A receiver of events, as it is kept. */
export const webhookReceiverSchema = z.strictObject({
  id: z.string().min(1).max(100),
  name: z.string().trim().min(1).max(100),
  url: urlSchema,
  kind: z.enum(WEBHOOK_KINDS).default("json"),
  events: z.array(eventPatternSchema).min(1).max(50),
  is_enabled: z.boolean().default(true),
  /** Deliveries are signed with it (HMAC-SHA256). */
  secret: secretSchema.optional(),
  /** ntfy, Home Assistant: a bearer token; Gotify: the application's token. */
  token: secretSchema.optional(),
});
export type WebhookReceiver = z.infer<typeof webhookReceiverSchema>;

/** `POST /webhooks`. */
export const newWebhookSchema = webhookReceiverSchema.omit({ id: true });
/** `PUT /webhooks/{id}`: what is left out stays; null takes a secret away. */
export const webhookChangeSchema = newWebhookSchema
  .extend({
    kind: z.enum(WEBHOOK_KINDS),
    is_enabled: z.boolean(),
    secret: secretSchema.nullable(),
    token: secretSchema.nullable(),
  })
  .partial();
export type WebhookChange = z.infer<typeof webhookChangeSchema>;

/** `replaced`: a newer notice of the same film was sent in its place. */
const DELIVERY_STATES = ["waiting", "sent", "failed", "replaced"] as const;

/** `GET /webhooks`: who is told of events, and what was sent, the newest first. */
export const webhooksAnswerSchema = z.object({
  receivers: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      /** The rest of the address may be a secret. */
      host: z.string(),
      kind: z.enum(WEBHOOK_KINDS),
      events: z.array(z.string()),
      is_enabled: z.boolean(),
      has_secret: z.boolean(),
      has_token: z.boolean(),
      /** Deliveries that wait for it. */
      waiting: z.int(),
    }),
  ),
  deliveries: z.array(
    z.object({
      id: z.int(),
      receiver: z.string(),
      event: z.string(),
      /** The film, or the worker, that it is about. */
      about: z.string().nullable(),
      /** What it says, in words for people. */
      text: z.string(),
      state: z.enum(DELIVERY_STATES),
      attempts: z.int(),
      created_ms: z.number(),
      /** Of one that waits: when it is tried again. */
      next_try_ms: z.number().nullable(),
      /** Of the last answer. */
      status: z.int().nullable(),
      /** What was wrong with the last attempt. */
      reason: z.string().nullable(),
    }),
  ),
  /** Names that `events` may have. */
  event_names: z.array(z.string()),
});
export type WebhooksAnswer = z.infer<typeof webhooksAnswerSchema>;
