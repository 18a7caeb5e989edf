import { stripVTControlCharacters } from "node:util";
import type { Log } from "@upreel/core";
import winston from "winston";
import { describeThrown } from "./describe-thrown.ts";
import type { LogFeed } from "./log-feed.ts";

export interface LogOptions {
  readonly level: string;
  /** Readable lines for people; otherwise one JSON object a line. */
  readonly isTerminal: boolean;
  readonly feed?: LogFeed;
  /** Write to stderr, so that stdout stays free for a command's own output. */
  readonly toStderr?: boolean;
}

const LEVELS = ["error", "warn", "info", "debug"] as const;
const OWN_FIELDS = new Set(["level", "message", "timestamp"]);

/** `key=value` pairs of an entry's meta, for the readable form. */
function metaText(entry: winston.Logform.TransformableInfo): string {
  return Object.entries(entry)
    .filter(([key, value]) => !OWN_FIELDS.has(key) && value !== undefined)
    .map(([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("");
}

const readable = winston.format.printf(
  (entry) =>
    `${String(entry["timestamp"]).slice(11, 19)} ${entry.level} ${String(entry.message)}${metaText(entry)}`,
);

/** A winston logger: readable on a terminal, JSON otherwise; each line also goes to the feed. */
export function createLog({ level, isTerminal, feed, toStderr = false }: LogOptions): Log {
  const tap = winston.format((entry) => {
    feed?.push({
      time: String(entry["timestamp"]),
      level: stripVTControlCharacters(entry.level),
      message: String(entry.message) + metaText(entry),
    });
    return entry;
  });
  const { combine, timestamp, colorize, json } = winston.format;
  const logger = winston.createLogger({
    level,
    format: combine(timestamp(), tap()),
    transports: [
      new winston.transports.Console({
        format: isTerminal ? combine(colorize(), readable) : json(),
        stderrLevels: toStderr ? [...LEVELS] : [],
      }),
    ],
  });
  const withStack = level === "debug";
  // One object, not (message, meta): winston would append a meta field called `message` to the line.
  const write =
    (of: (typeof LEVELS)[number]) => (message: string, meta?: Record<string, unknown>) => {
      const fields = Object.entries(meta ?? {}).map(([key, value]) => [
        OWN_FIELDS.has(key) ? `${key}_` : key,
        value instanceof Error ? describeThrown(value, withStack) : value,
      ]);
      logger.log({ ...Object.fromEntries(fields), level: of, message });
    };
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
