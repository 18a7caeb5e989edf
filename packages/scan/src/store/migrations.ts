/** Each brings the tables one version further; what was released is never changed. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE fingerprints (
    file_id TEXT NOT NULL,
    plugin_id TEXT NOT NULL,
    type TEXT NOT NULL,
    algorithm_version TEXT NOT NULL,
    fingerprint TEXT,
    metadata TEXT,
    PRIMARY KEY (file_id, plugin_id, type)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE chapters (
    file_id TEXT NOT NULL,
    plugin_id TEXT NOT NULL,
    role TEXT NOT NULL,
    start_seconds REAL NOT NULL,
    end_seconds REAL NOT NULL,
    title TEXT,
    metadata TEXT
  ) STRICT;
  CREATE INDEX chapters_of_file ON chapters (file_id);
  CREATE TABLE scans (
    file_id TEXT NOT NULL,
    plugin_id TEXT NOT NULL,
    path TEXT NOT NULL,
    algorithm_version TEXT NOT NULL,
    group_hash TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    skip_reason TEXT,
    skip_message TEXT,
    PRIMARY KEY (file_id, plugin_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX scans_of_path ON scans (path);
  `,
];
