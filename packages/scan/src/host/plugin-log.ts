import { z } from "zod";

/** One line that a plugin wrote, or that is said of it. */
interface PluginLogLine {
  readonly atMs: number;
  readonly level: "debug" | "info" | "warn" | "error";
  readonly text: string;
}

/** The last lines of one plugin. */
export interface PluginLog {
  /** A line of its stderr: pino's JSON, or any text. */
  take(line: string): void;
  note(level: PluginLogLine["level"], text: string): void;
  lines(): readonly PluginLogLine[];
}

const MOST_LINES = 500;
const LONGEST_TEXT = 2_000;

const pinoSchema = z.looseObject({
  level: z.number(),
  msg: z.string(),
  err: z.looseObject({ message: z.string() }).optional().catch(undefined),
});

export function createPluginLog(nowMs: () => number): PluginLog {
  const lines: PluginLogLine[] = [];
  const note = (level: PluginLogLine["level"], text: string): void => {
    lines.push({ atMs: nowMs(), level, text: text.slice(0, LONGEST_TEXT) });
    if (lines.length > MOST_LINES) lines.shift();
  };
  return {
    note,
    take(line) {
      const text = line.trimEnd();
      if (text === "") return;
      const pino = text.startsWith("{") ? parsePino(text) : undefined;
      if (pino === undefined) return note("info", text);
      note(
        levelOf(pino.level),
        pino.err === undefined ? pino.msg : `${pino.msg}: ${pino.err.message}`,
      );
    },
    lines: () => [...lines],
  };
}

function parsePino(text: string): z.infer<typeof pinoSchema> | undefined {
  try {
    return pinoSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const levelOf = (level: number): PluginLogLine["level"] =>
  level >= 50 ? "error" : level >= 40 ? "warn" : level >= 30 ? "info" : "debug";
