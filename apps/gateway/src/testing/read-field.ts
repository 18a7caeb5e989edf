import { z } from "zod";

/** One text field of a JSON answer; "" where it is not there. */
export async function readField(response: Response, name: string): Promise<string> {
  const fields = z.record(z.string(), z.unknown()).parse(await response.json());
  const value = fields[name];
  return typeof value === "string" ? value : "";
}
