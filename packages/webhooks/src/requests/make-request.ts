import type { WebhookKind, WebhookReceiver } from "@upreel/core";
import { describeEvent, type Notice, type SentEvent } from "./describe-event.ts";

/** A call of a receiver. */
export interface WebhookRequest {
  readonly method: "POST" | "PATCH";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a receiver is told. `message`: what it called its last notice of the same film, which is changed then. */
export function makeRequest(
  receiver: Pick<WebhookReceiver, "kind" | "url" | "token">,
  event: SentEvent,
  message: string | undefined,
): WebhookRequest {
  const { url, token } = receiver;
  const notice = describeEvent(event);
  const bearer = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  switch (receiver.kind) {
    case "json":
      return post(url, { ...event, text: `${notice.title}: ${notice.text}` }, bearer);
    case "home-assistant":
      // An automation that hands `tag` to `notify` has one notice that changes.
      return post(
        url,
        { ...event, title: notice.title, text: notice.text, tag: tagOf(notice) },
        bearer,
      );
    case "discord":
      return discord(url, event, notice, message);
    case "ntfy":
      return ntfy(url, notice, bearer);
    case "gotify":
      return gotify(url, notice, token);
  }
}

/** Notices of one film change: of those that wait, the newest says all. */
export const saysItAnew = (kind: WebhookKind): boolean =>
  kind === "discord" || kind === "ntfy" || kind === "gotify";

function post(url: string, body: object, headers: Record<string, string> = {}): WebhookRequest {
  return {
    ...{ method: "POST", url, body: JSON.stringify(body) },
    headers: { "Content-Type": "application/json", ...headers },
  };
}

const tagOf = ({ subject }: Notice): string | undefined => subject && `upreel-${subject}`;

const COLOURS = { low: 0x7f8c8d, normal: 0x2e86de, high: 0xd63031 } as const;

/** https://discord.com/developers/docs/resources/webhook: a message can be changed by who sent it. */
function discord(
  address: string,
  { at_ms: atMs }: SentEvent,
  { title, text, urgency }: Notice,
  message: string | undefined,
): WebhookRequest {
  const url = new URL(address);
  if (message === undefined) url.searchParams.set("wait", "true");
  else url.pathname = `${withoutSlash(url.pathname)}/messages/${encodeURIComponent(message)}`;
  const embed = {
    ...{ title: title.slice(0, 256), description: text.slice(0, 4_000) },
    ...{ color: COLOURS[urgency], timestamp: new Date(atMs).toISOString() },
  };
  const body = { embeds: [embed], allowed_mentions: { parse: [] } };
  const request = post(url.href, message === undefined ? { username: "Upreel", ...body } : body);
  return message === undefined ? request : { ...request, method: "PATCH" };
}

const NTFY_PRIORITIES = { low: 2, normal: 3, high: 4 } as const;

/** https://docs.ntfy.sh/publish: the topic is the end of the address; `sequence_id` since 2.16, left aside before. */
function ntfy(
  address: string,
  { title, text, urgency, subject }: Notice,
  headers: Record<string, string>,
): WebhookRequest {
  const url = new URL(address);
  const path = withoutSlash(url.pathname);
  const at = path.lastIndexOf("/");
  url.pathname = path.slice(0, at + 1);
  const topic = decodeURIComponent(path.slice(at + 1));
  return post(
    url.href,
    {
      ...{ topic, title, message: text, priority: NTFY_PRIORITIES[urgency] },
      ...(subject === undefined ? {} : { sequence_id: subject.replaceAll(/[^\w-]/g, "-") }),
    },
    headers,
  );
}

const GOTIFY_PRIORITIES = { low: 2, normal: 5, high: 8 } as const;

/** https://gotify.net/docs/pushmsg: the address of the server, with or without `/message`. */
function gotify(
  address: string,
  { title, text, urgency }: Notice,
  token: string | undefined,
): WebhookRequest {
  const url = new URL(address);
  const path = withoutSlash(url.pathname);
  url.pathname = path.endsWith("/message") ? path : `${path}/message`;
  return post(
    url.href,
    { title, message: text, priority: GOTIFY_PRIORITIES[urgency] },
    token === undefined ? {} : { "X-Gotify-Key": token },
  );
}

const withoutSlash = (path: string): string => path.replace(/\/+$/, "");
