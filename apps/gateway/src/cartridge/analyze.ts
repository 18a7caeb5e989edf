import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { UpreelError } from "@upreel/core";
import { sessionSchema, type Session } from "./session/session-record.ts";

/** What is kept of the transcodes, the last one first. */
export async function readSessions(folder: string): Promise<readonly Session[]> {
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const sessions = await Promise.all(
    names
      .toSorted()
      .toReversed()
      .map(async (name) => {
        try {
          const text = await readFile(join(folder, name, "session.json"), "utf8");
          return [sessionSchema.parse(JSON.parse(text))];
        } catch {
          return [];
        }
      }),
  );
  return sessions.flat();
}

const OUTCOMES: Readonly<Record<Session["outcome"], string>> = {
  running: "still running, or killed",
  upscaled: "upscaled",
  plain: "begun upscaled, ended without Upreel",
  original: "tried, and made by Jellyfin's own command",
  left: "left to Jellyfin's own command",
};

/** How often it worked, how fast, and why not. */
export function summarize(sessions: readonly Session[]): string[] {
  if (sessions.length === 0) return ["No transcode yet: direct play and copies need none."];
  const of = (outcome: Session["outcome"]) => sessions.filter((each) => each.outcome === outcome);
  const first = sessions.flatMap(({ first_segment_seconds: seconds }) => seconds ?? []);
  const reasons = Map.groupBy(
    sessions.filter(({ reason }) => reason !== null),
    ({ outcome, reason }) => `${OUTCOMES[outcome]}: ${reason}`,
  );
  const possible = sessions.length - of("left").length;
  return [
    `${sessions.length} ${sessions.length === 1 ? "transcode" : "transcodes"}; ${possible} of a kind that can be upscaled, ${of("upscaled").length} of them upscaled to the end`,
    ...(first.length === 0
      ? []
      : [`first segment after ${median(first).toFixed(1)} s, half of them sooner`]),
    ...[...reasons].map(([reason, { length }]) => `${length} × ${reason}`),
  ];
}

/** A line for each. */
export const sessionLine = (session: Session): string =>
  [
    session.id,
    OUTCOMES[session.outcome] + (session.reason === null ? "" : ` (${session.reason})`),
    session.segments === 0 ? "" : `${session.segments} segments`,
    session.path ?? "",
  ]
    .filter((part) => part !== "")
    .join("  ");

/** All that is kept of one: what was ordered, and what ffmpeg said. */
export async function describeSession(folder: string, id: string): Promise<string[]> {
  const session = (await readSessions(folder)).find((each) => each.id === id);
  if (session === undefined)
    throw new UpreelError("not_found", `there is no transcode ${id}`, {
      expected: "an id that `upreel cartridge analyze` shows",
    });
  const read = (name: string) => readFile(join(folder, id, name), "utf8").catch(() => "");
  const words: unknown = JSON.parse((await read("command.json")) || "[]");
  return [
    sessionLine(session),
    timesOf(session),
    `ordered: ffmpeg ${Array.isArray(words) ? words.join(" ") : ""}`,
    await read("ffmpeg.log"),
  ];
}

function timesOf({ first_segment_seconds: first, seconds }: Session): string {
  const begun = first === null ? "no upscaled segment" : `first segment after ${first} s`;
  return seconds === null ? begun : `${begun}, ${seconds} s in all`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
