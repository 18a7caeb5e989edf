/** Tells the time of day, so that tests can set it. */
export interface Clock {
  nowMs(): number;
}

/** Where every part tells what people may want to know; `meta` is for machines. */
export interface Log {
  debug(message: string, meta?: Record<string, unknown>): void;
  info(message: string, meta?: Record<string, unknown>): void;
  warn(message: string, meta?: Record<string, unknown>): void;
  error(message: string, meta?: Record<string, unknown>): void;
}
