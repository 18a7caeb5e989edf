import { stripVTControlCharacters } from "node:util";
import type { Log } from "@upreel/streams";
import winston from "winston";
import type { LogFeed } from "./log-feed.ts";

export interface LogOptions {
  readonly level: string;
  /** Readable lines for people; otherwise one JSON object a line. */
  readonly isTerminal: boolean;
  readonly feed?: LogFeed;
  /** Write to stderr, so that stdout stays free for a command's own output. */
  readonly toStderr?: boolean;
}

const HIDDEN = new Set(["level", "message", "timestamp", "stack"]);

/** `key=value` pairs of a log entry's meta, for the readable form. */
function metaText(info: winston.Logform.TransformableInfo): string {
  const pairs = Object.entries(info).filter(
    ([key, value]) => !HIDDEN.has(key) && value !== undefined,
  );
  return pairs
    .map(([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("");
}

const readable = winston.format.printf(
  (info) =>
    `${String(info["timestamp"]).slice(11, 19)} ${info.level} ${String(info.message)}${metaText(info)}` +
    (typeof info["stack"] === "string" ? `\n${info["stack"]}` : ""),
);

/** A winston logger: readable on a terminal, JSON otherwise; each line also goes to the feed. */
export function createLog({ level, isTerminal, feed, toStderr = false }: LogOptions): Log {
  const tap = winston.format((info) => {
    feed?.push({
      time: String(info["timestamp"]),
      level: stripVTControlCharacters(info.level),
      message: String(info.message) + metaText(info),
    });
    return info;
  });
  const { combine, timestamp, errors, colorize, json } = winston.format;
  return winston.createLogger({
    level,
    format: combine(timestamp(), errors({ stack: level === "debug" }), tap()),
    transports: [
      new winston.transports.Console({
        format: isTerminal ? combine(colorize(), readable) : json(),
        stderrLevels: toStderr ? ["error", "warn", "info", "debug"] : [],
      }),
    ],
  });
}
