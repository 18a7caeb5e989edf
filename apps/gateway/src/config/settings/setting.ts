import { z } from "zod";

/** What `docs/configuration.md` and the error list say of a setting. */
export interface SettingText {
  readonly expected: string;
  readonly description: string;
}

/** One setting, with its words. */
export const setting = <T extends z.ZodType>(schema: T, expected: string, description: string): T =>
  schema.meta({ expected, description } satisfies SettingText);

/** Environment variables are text; z.coerce would also take true, null and [7] from the file. */
export const numberOrText = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    (value) => (typeof value === "string" && value.trim() !== "" ? Number(value) : value),
    schema,
  );

export const whole = (min: number, max: number) => numberOrText(z.number().int().min(min).max(max));

/** Text with a grammar of its own; what is no text is left to the schema. */
export const textAs = <T extends z.ZodType>(parse: (text: string) => unknown, schema: T) =>
  z.preprocess((value) => (typeof value === "string" ? parse(value) : value), schema);

/** For `refine`: an address to which a path may be added. */
export const isHttpUrl = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (
    url !== undefined && /^https?:$/.test(url.protocol) && url.search === "" && url.hash === ""
  );
};
