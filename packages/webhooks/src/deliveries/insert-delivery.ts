import type { DatabaseSync } from "node:sqlite";
import { describeEvent, type SentEvent } from "../requests/describe-event.ts";

const MOST_KEPT = 500;
/** Of one receiver that has been away for long; the oldest go. */
const MOST_WAITING = 1_000;

/** Adds a delivery, and takes out what it makes needless, or too much. */
export function insertDelivery(
  open: DatabaseSync,
  receiver: string,
  event: SentEvent,
  how: { readonly replaces: boolean; readonly besides?: number | undefined; readonly atMs: number },
): void {
  const run = (sql: string, ...values: (string | number | null)[]): void =>
    void open.prepare(sql).run(...values);
  const { subject = null, title, text } = describeEvent(event);
  if (how.replaces && subject !== null)
    run(
      `UPDATE deliveries SET state = 'replaced', next_try_ms = NULL
       WHERE receiver_id = ? AND subject = ? AND state = 'waiting' AND id <> ?`,
      ...[receiver, subject, how.besides ?? -1],
    );
  run(
    `INSERT INTO deliveries (receiver_id, event, event_name, text, message_id, subject, state,
       attempts, created_ms, next_try_ms) VALUES (?, ?, ?, ?, ?, ?, 'waiting', 0, ?, ?)`,
    ...[receiver, JSON.stringify(event), event.name, `${title}: ${text}`, crypto.randomUUID()],
    ...[subject, how.atMs, how.atMs],
  );
  run(
    `UPDATE deliveries SET state = 'failed', next_try_ms = NULL, reason = ?
     WHERE state = 'waiting' AND id IN (SELECT id FROM deliveries
       WHERE receiver_id = ? AND state = 'waiting' ORDER BY id DESC LIMIT -1 OFFSET ?)`,
    ...[`more than ${MOST_WAITING} were waiting`, receiver, MOST_WAITING],
  );
  run(
    `DELETE FROM deliveries WHERE state <> 'waiting' AND id NOT IN
     (SELECT id FROM deliveries WHERE state <> 'waiting' ORDER BY id DESC LIMIT ?)`,
    MOST_KEPT,
  );
}
