import type { Setting } from "@upreel/core";

/** The part of a setting's JSON Schema that can be told before the gateway is asked. */
export interface SettingSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
}

/** The gateway makes it from its own schema, so that it needs no look. */
export const settingSchemaOf = ({ schema }: Setting): SettingSchema => schema as SettingSchema;

/**
 * Whether the gateway may take `text` for a setting of this schema, which it made from its own; empty
 * text means the default. Values with a grammar of their own are left to the gateway.
 */
export function isAcceptable(schema: SettingSchema, text: string): boolean {
  const value = text.trim();
  if (value === "") return true;
  if (schema.enum !== undefined) return schema.enum.includes(value);
  if (schema.type === "integer" || schema.type === "number") {
    const number = Number(value);
    const isWhole = schema.type === "number" || Number.isInteger(number);
    const { minimum = -Infinity, maximum = Infinity } = schema;
    return isWhole && number >= minimum && number <= maximum;
  }
  if (schema.type !== "string") return true;
  const fits = schema.pattern === undefined || new RegExp(schema.pattern).test(value);
  return fits && value.length >= (schema.minLength ?? 0);
}
