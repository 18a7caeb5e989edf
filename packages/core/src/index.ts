export {
  ERROR_CODES,
  UpreelError,
  toUpreelError,
  type ErrorCode,
  type ErrorDetails,
} from "./errors.ts";
export { nightOf, parseHours, type Hours } from "./hours.ts";
export * from "./told/index.ts";
export * from "./film/index.ts";
export * from "./stream/index.ts";
export * from "./run/index.ts";
export * from "./farm/index.ts";
export * from "./api/index.ts";
export * from "./events/index.ts";
export * from "./ports/index.ts";
