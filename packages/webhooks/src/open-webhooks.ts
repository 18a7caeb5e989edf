import { join } from "node:path";
import {
  EVENT_NAMES,
  meansEvent,
  UpreelError,
  type EventBus,
  type Log,
  type WebhookChange,
  type WebhookReceiver,
  type WebhooksAnswer,
} from "@upreel/core";
import PQueue from "p-queue";
import { openDeliveryStore } from "./deliveries/delivery-store.ts";
import { createSender, type Sender, type SendTimes } from "./deliveries/send-in-order.ts";
import { openReceiversFile } from "./receivers-file.ts";
import type { SentEvent } from "./requests/describe-event.ts";
import { saysItAnew } from "./requests/make-request.ts";

/** Others are told over HTTP of what happens: each receiver once and in order, also when it was away for a while. */
export interface Webhooks extends AsyncDisposable {
  status(): WebhooksAnswer;
  add(receiver: Omit<WebhookReceiver, "id">): Promise<void>;
  /** Throws `not_found`, like all below. */
  change(id: string, change: WebhookChange): Promise<void>;
  remove(id: string): Promise<void>;
  /** Sends it something to see. */
  test(id: string): void;
  /** Sends an event once more, behind all that waits. */
  sendAgain(delivery: number): void;
}

export interface WebhooksParts {
  readonly dataDir: string;
  /** For what waits to be sent, where others share the data folder. */
  readonly ownDir?: string;
  readonly events: Pick<EventBus, "subscribe">;
  readonly log: Pick<Log, "warn">;
  readonly nowMs: () => number;
  readonly times?: SendTimes;
}

const TIMES: SendTimes = {
  answerMs: 10_000,
  firstMs: 5_000,
  longestMs: 3_600_000,
  giveUpMs: 3 * 86_400_000,
};

export async function openWebhooks(parts: WebhooksParts): Promise<Webhooks> {
  const { dataDir, ownDir = dataDir, events, log, nowMs, times = TIMES } = parts;
  const file = await openReceiversFile(join(dataDir, "webhooks.json"));
  if (file.problem !== undefined) log.warn(`Webhooks: ${file.problem}`);
  const store = openDeliveryStore(join(ownDir, "webhooks.db"), { log, nowMs });
  const senders = new Map<string, Sender>();
  /** Changes of the file run one after another. */
  const changes = new PQueue({ concurrency: 1 });

  function begin(receiver: WebhookReceiver): void {
    if (!receiver.is_enabled) return;
    const warn = (text: string): void => log.warn(`Webhook ${text}`);
    const sender = createSender({ receiver, store, times, nowMs, warn });
    senders.set(receiver.id, sender);
    sender.look();
  }
  async function end(id: string): Promise<void> {
    const sender = senders.get(id);
    senders.delete(id);
    await sender?.[Symbol.asyncDispose]();
  }
  function find(id: string): WebhookReceiver {
    const found = file.all.find((each) => each.id === id);
    if (found !== undefined) return found;
    throw new UpreelError("not_found", `there is no webhook ${id.slice(0, 100)}`, {
      expected: file.all.map((each) => each.id).join(", ") || "one that was added",
    });
  }
  function send(receiver: WebhookReceiver, event: SentEvent): void {
    const sender = senders.get(receiver.id);
    const besides = sender?.sending;
    store.add(receiver.id, event, { replaces: saysItAnew(receiver.kind), besides });
    sender?.look();
  }

  for (const receiver of file.all) begin(receiver);
  const unsubscribe = events.subscribe((event) => {
    for (const receiver of file.all)
      if (receiver.is_enabled && receiver.events.some((each) => meansEvent(each, event.name)))
        send(receiver, event);
  });

  return {
    status: () => ({
      receivers: file.all.map((receiver) => ({
        ...shown(receiver),
        waiting: store.waiting(receiver.id),
      })),
      deliveries: store.list(),
      event_names: [...EVENT_NAMES],
    }),
    add: (given) =>
      changes.add(async () => {
        const receiver = { id: crypto.randomUUID().slice(0, 8), ...given };
        await file.replace([...file.all, receiver]);
        begin(receiver);
      }),
    change: (id, change) =>
      changes.add(async () => {
        const changed = changedBy(find(id), change);
        await file.replace(file.all.map((each) => (each.id === id ? changed : each)));
        await end(id);
        begin(changed);
      }),
    remove: (id) =>
      changes.add(async () => {
        find(id);
        await file.replace(file.all.filter((each) => each.id !== id));
        await end(id);
        store.forget(id);
      }),
    test(id) {
      const receiver = requireOn(find(id));
      const event = { id: crypto.randomUUID(), at_ms: nowMs(), name: "webhook.test" } as const;
      send(receiver, { ...event, receiver: receiver.name });
    },
    sendAgain(delivery) {
      const found = store.find(delivery);
      if (found === undefined)
        throw new UpreelError("not_found", `there is no delivery ${delivery}`);
      send(requireOn(find(found.receiver)), found.event);
    },
    async [Symbol.asyncDispose]() {
      unsubscribe();
      await changes.onIdle();
      await Promise.all([...senders.keys()].map(end));
      store[Symbol.dispose]();
    },
  };
}

function requireOn(receiver: WebhookReceiver): WebhookReceiver {
  if (receiver.is_enabled) return receiver;
  throw new UpreelError("bad_request", `the webhook ${receiver.name} is switched off`, {
    expected: "one that is switched on",
  });
}

/** What may be told of it: not its secrets, which its address may be one of. */
const shown = ({ secret, token, url, ...receiver }: WebhookReceiver) => ({
  ...receiver,
  host: new URL(url).host,
  ...{ has_secret: secret !== undefined, has_token: token !== undefined },
});

function changedBy(before: WebhookReceiver, change: WebhookChange): WebhookReceiver {
  const { name, url, kind, events, is_enabled: isEnabled } = { ...before, ...given(change) };
  // A key is for one server: whoever names another one must know its key.
  const isElsewhere = new URL(url).origin !== new URL(before.url).origin;
  const keyOf = (key: "secret" | "token"): string | undefined =>
    change[key] === undefined
      ? isElsewhere
        ? undefined
        : before[key]
      : (change[key] ?? undefined);
  const [secret, token] = [keyOf("secret"), keyOf("token")];
  return {
    ...{ id: before.id, name, url, kind, events, is_enabled: isEnabled },
    ...(secret === undefined ? {} : { secret }),
    ...(token === undefined ? {} : { token }),
  };
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const given = <T extends object>(values: T): Given<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
