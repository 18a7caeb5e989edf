/** One line of the log, as `/logs/stream` sends it. */
interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly message: string;
}

/** The newest lines of the log and a way to follow it; bounded. */
export interface LogFeed {
  recent(): readonly LogLine[];
  push(line: LogLine): void;
  subscribe(listener: (line: LogLine) => void): () => void;
}

export function createLogFeed(capacityLines = 500): LogFeed {
  const lines: LogLine[] = [];
  const listeners = new Set<(line: LogLine) => void>();
  return {
    recent: () => [...lines],
    push(line) {
      lines.push(line);
      if (lines.length > capacityLines) lines.shift();
      for (const listener of listeners) listener(line);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
