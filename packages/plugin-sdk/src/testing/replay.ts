import type { RecordedCall } from "./recording.ts";
import type { PluginInTest } from "./start-plugin.ts";

export interface ReplayOptions {
  /** Numbers may differ by so much: another ffmpeg finds the same moment a little beside. */
  readonly tolerance?: number;
}

/**
 * Makes the recorded calls again, in order, and tells where an answer is another one: `call 2, mediaScan.scanSingle:
 * chapters.0.endTime: expected 90, got 80`. What a recorded answer does not name is not looked at, so that a recording
 * may be cut down to what matters.
 */
export async function replay(
  plugin: Pick<PluginInTest, "call">,
  calls: readonly RecordedCall[],
  { tolerance = 0 }: ReplayOptions = {},
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [k, { method, params, result }] of calls.entries()) {
    const answer = await plugin.call(method, params);
    for (const difference of differences(result, answer, tolerance))
      found.push(`call ${k + 1}, ${method}: ${difference}`);
  }
  return found;
}

function differences(
  expected: unknown,
  got: unknown,
  tolerance: number,
  path: readonly string[] = [],
): readonly string[] {
  if (expected === undefined) return [];
  if (typeof expected === "object" && expected !== null) {
    if (typeof got !== "object" || got === null || Array.isArray(got) !== Array.isArray(expected))
      return [told(path, expected, got)];
    const lengths =
      Array.isArray(expected) && Array.isArray(got) && expected.length !== got.length
        ? [told([...path, "length"], expected.length, got.length)]
        : [];
    return [
      ...lengths,
      ...Object.entries(expected).flatMap(([key, value]) =>
        differences(value, (got as Record<string, unknown>)[key], tolerance, [...path, key]),
      ),
    ];
  }
  const isNear =
    typeof expected === "number" &&
    typeof got === "number" &&
    Math.abs(expected - got) <= tolerance;
  return isNear || expected === got ? [] : [told(path, expected, got)];
}

const told = (path: readonly string[], expected: unknown, got: unknown): string =>
  `${path.length === 0 ? "the answer" : path.join(".")}: expected ${short(expected)}, got ${short(got)}`;

const short = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 200);
