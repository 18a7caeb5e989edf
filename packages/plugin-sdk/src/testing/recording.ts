/** A call of Upreel's, and what the plugin answered. */
export interface RecordedCall {
  readonly method: string;
  readonly params: object;
  /** Undefined: any answer will do. */
  readonly result?: unknown;
}

/** Names for what differs between machines: `{ films: "/tmp/films" }` for `{films}` in a recording. */
export type Places = Readonly<Record<string, string>>;

/** A recording as text, one call a line; paths that begin with one of `places` are kept by its name. */
export function writeRecording(calls: readonly RecordedCall[], places: Places = {}): string {
  const named = (text: string): string =>
    Object.entries(places).reduce((all, [name, path]) => all.replaceAll(path, `{${name}}`), text);
  return calls.map((call) => `${JSON.stringify(eachText(call, named))}\n`).join("");
}

/** The calls of a recording, with `places` in it. Throws for a line that is no call. */
export function readRecording(text: string, places: Places = {}): readonly RecordedCall[] {
  const placed = (value: string): string =>
    Object.entries(places).reduce((all, [name, path]) => all.replaceAll(`{${name}}`, path), value);
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line, k) => {
      const { method, params, result } = Object(JSON.parse(line)) as Partial<RecordedCall>;
      if (typeof method !== "string" || typeof params !== "object" || params === null)
        throw new Error(
          `line ${k + 1} of the recording is no call: expected "method" and "params"`,
        );
      return eachText({ method, params, result }, placed) as RecordedCall;
    });
}

function eachText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((each) => eachText(each, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, eachText(each, change)]),
  );
}
