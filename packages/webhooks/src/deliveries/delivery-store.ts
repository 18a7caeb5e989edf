import { upreelEventSchema, type Log, type WebhooksAnswer } from "@upreel/core";
import { keepDatabase } from "@upreel/files";
import { z } from "zod";
import { describeEvent, type SentEvent } from "../requests/describe-event.ts";
import { insertDelivery } from "./insert-delivery.ts";
import { MIGRATIONS } from "./migrations.ts";

/** One event for one receiver. */
export interface Delivery {
  readonly id: number;
  readonly event: SentEvent;
  /** The same in each attempt: a receiver that got it twice sees that it did. */
  readonly messageId: string;
  readonly subject: string | undefined;
  readonly attempts: number;
  readonly createdMs: number;
  readonly nextTryMs: number;
}

type DeliveryEnd = {
  readonly state: "sent" | "failed";
  readonly status: number | undefined;
  readonly reason: string | undefined;
};

/** What is to be sent and what was, over restarts. */
export interface DeliveryStore extends Disposable {
  /** `replaces`: deliveries of the same subject that wait are not sent any more, but for the one `besides`. */
  add(
    receiver: string,
    event: SentEvent,
    how: { replaces: boolean; besides?: number | undefined },
  ): void;
  /** The next one of a receiver; undefined: none waits. */
  next(receiver: string): Delivery | undefined;
  later(id: number, why: { nextTryMs: number; status: number | undefined; reason: string }): void;
  end(id: number, how: DeliveryEnd): void;
  /** The event of a delivery, and whose it is. */
  find(id: number): { readonly receiver: string; readonly event: SentEvent } | undefined;
  waiting(receiver: string): number;
  list(): WebhooksAnswer["deliveries"];
  message(receiver: string, subject: string): string | undefined;
  keepMessage(receiver: string, subject: string, message: string | undefined): void;
  /** All that is of a receiver. */
  forget(receiver: string): void;
}

/** The log that people see. */
const MOST_LISTED = 100;
const MOST_MESSAGES = 2_000;

type Value = string | number | null;

const eventSchema: z.ZodType<SentEvent> = z.union([
  upreelEventSchema,
  z.object({
    ...{ id: z.string(), at_ms: z.number() },
    ...{ name: z.literal("webhook.test"), receiver: z.string() },
  }),
]);
const rowSchema = z.object({
  ...{ id: z.int(), receiver_id: z.string(), event: z.string(), event_name: z.string() },
  ...{ text: z.string(), message_id: z.string(), subject: z.string().nullable() },
  state: z.enum(["waiting", "sent", "failed", "replaced"]),
  ...{ attempts: z.int(), created_ms: z.number(), next_try_ms: z.number().nullable() },
  ...{ status: z.int().nullable(), reason: z.string().nullable() },
});

export function openDeliveryStore(
  path: string,
  { log, nowMs }: { readonly log: Pick<Log, "warn">; readonly nowMs: () => number },
): DeliveryStore {
  const kept = keepDatabase(path, {
    ...{ subject: "What webhooks are to send", migrations: MIGRATIONS, log, nowMs },
  });
  const run = (sql: string, ...values: Value[]): void =>
    void kept.use((open) => open.prepare(sql).run(...values));
  const rows = <T>(schema: z.ZodType<T>, sql: string, ...values: Value[]): readonly T[] =>
    kept.isThere()
      ? kept.use((open) => z.array(schema).parse(open.prepare(sql).all(...values)))
      : [];
  const waiting = (receiver: string): number =>
    rows(
      z.object({ count: z.int() }),
      "SELECT COUNT(*) AS count FROM deliveries WHERE receiver_id = ? AND state = 'waiting'",
      receiver,
    )[0]?.count ?? 0;

  const end: DeliveryStore["end"] = (id, { state, status, reason }) =>
    run(
      `UPDATE deliveries SET attempts = attempts + 1, state = ?, next_try_ms = NULL, status = ?,
         reason = ? WHERE id = ?`,
      ...[state, status ?? null, reason ?? null, id],
    );

  return {
    waiting,
    add: (receiver, event, how) =>
      kept.transact((open) => insertDelivery(open, receiver, event, { ...how, atMs: nowMs() })),
    next(receiver) {
      for (;;) {
        const [row] = rows(
          rowSchema,
          "SELECT * FROM deliveries WHERE receiver_id = ? AND state = 'waiting' ORDER BY id LIMIT 1",
          receiver,
        );
        if (row === undefined) return undefined;
        const event = readEvent(row.event);
        if (event !== undefined)
          return {
            ...{ id: row.id, event, messageId: row.message_id, attempts: row.attempts },
            ...{ subject: row.subject ?? undefined, createdMs: row.created_ms },
            nextTryMs: row.next_try_ms ?? 0,
          };
        // A newer Upreel wrote it, and nobody can send it now.
        end(row.id, { state: "failed", status: undefined, reason: "an event of another version" });
      }
    },
    later: (id, { nextTryMs, status, reason }) =>
      run(
        `UPDATE deliveries SET attempts = attempts + 1, next_try_ms = ?, status = ?, reason = ?
         WHERE id = ?`,
        ...[nextTryMs, status ?? null, reason, id],
      ),
    end,
    find(id) {
      const [row] = rows(rowSchema, "SELECT * FROM deliveries WHERE id = ?", id);
      const event = row && readEvent(row.event);
      return event && { receiver: row.receiver_id, event };
    },
    list: () =>
      rows(rowSchema, "SELECT * FROM deliveries ORDER BY id DESC LIMIT ?", MOST_LISTED).map(
        ({ id, text, state, attempts, status, reason, ...row }) => ({
          ...{ id, receiver: row.receiver_id, event: row.event_name, text, state, attempts },
          about: aboutOf(readEvent(row.event)),
          ...{ created_ms: row.created_ms, next_try_ms: row.next_try_ms, status, reason },
        }),
      ),
    message: (receiver, subject) =>
      rows(
        z.object({ message: z.string() }),
        "SELECT message FROM messages WHERE receiver_id = ? AND subject = ?",
        ...[receiver, subject],
      )[0]?.message,
    keepMessage(receiver, subject, message) {
      if (message === undefined)
        return run("DELETE FROM messages WHERE receiver_id = ? AND subject = ?", receiver, subject);
      run(
        "INSERT OR REPLACE INTO messages VALUES (?, ?, ?, ?)",
        ...[receiver, subject, message, nowMs()],
      );
      run(
        `DELETE FROM messages WHERE at_ms <
         (SELECT at_ms FROM messages ORDER BY at_ms DESC LIMIT 1 OFFSET ?)`,
        MOST_MESSAGES,
      );
    },
    forget(receiver) {
      if (!kept.isThere()) return;
      for (const table of ["deliveries", "messages"])
        run(`DELETE FROM ${table} WHERE receiver_id = ?`, receiver);
    },
    [Symbol.dispose]: () => kept[Symbol.dispose](),
  };
}

const aboutOf = (event: SentEvent | undefined): string | null =>
  event === undefined ? null : (describeEvent(event).about ?? null);

const readEvent = (text: string): SentEvent | undefined =>
  eventSchema.safeParse(JSON.parse(text)).data;
