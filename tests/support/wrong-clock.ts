import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const CODE = (shiftMs: number): string => `
const RealDate = Date;
const now = () => RealDate.now() + ${shiftMs};
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [now()] : given));
  }
  static now = now;
};
`;

/** The environment of programs whose clock is wrong by so much. */
export async function makeWrongClock(
  folder: string,
  shiftMs: number,
): Promise<Readonly<Record<string, string>>> {
  const file = join(folder, `clock-${shiftMs}.mjs`);
  await writeFile(file, CODE(shiftMs));
  return { NODE_OPTIONS: `--import=${file}` };
}
