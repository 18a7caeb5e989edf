export { parseItemId } from "./item-id.ts";
