export interface LogEntry {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly meta: Record<string, unknown>;
}

/** A log that keeps its entries, for tests to look at. */
export interface RecordingLog {
  readonly entries: readonly LogEntry[];
  /** Its warnings and errors. */
  readonly complaints: readonly LogEntry[];
  debug(message: string, meta?: Record<string, unknown>): void;
  info(message: string, meta?: Record<string, unknown>): void;
  warn(message: string, meta?: Record<string, unknown>): void;
  error(message: string, meta?: Record<string, unknown>): void;
}

export function makeRecordingLog(): RecordingLog {
  const entries: LogEntry[] = [];
  const at =
    (level: LogEntry["level"]) =>
    (message: string, meta: Record<string, unknown> = {}): void => {
      entries.push({ level, message, meta });
    };
  return {
    entries,
    get complaints() {
      return entries.filter(({ level }) => level === "warn" || level === "error");
    },
    ...{ debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") },
  };
}
