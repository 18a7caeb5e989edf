/** Each brings the tables one version further; what was released is never changed. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    receiver_id TEXT NOT NULL,
    event TEXT NOT NULL,
    event_name TEXT NOT NULL,
    text TEXT NOT NULL,
    message_id TEXT NOT NULL,
    subject TEXT,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    next_try_ms INTEGER,
    status INTEGER,
    reason TEXT
  ) STRICT;
  CREATE INDEX deliveries_in_order ON deliveries (receiver_id, state, id);
  CREATE TABLE messages (
    receiver_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    message TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (receiver_id, subject)
  ) STRICT, WITHOUT ROWID;
  `,
];
