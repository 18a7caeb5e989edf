/** Pieces that the OpenAPI description is made of. */

export const json = (schema: object) => ({ "application/json": { schema } });
export const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
export const answer = (description: string, content?: object) => ({
  description,
  ...(content === undefined ? {} : { content }),
});
export const failure = answer("An error", json(ref("Error")));
export const pathParameter = (name: string) => ({
  ...{ name, in: "path", required: true, schema: { type: "string" } },
});
export const queryParameter = (name: string, description: string) => ({
  ...{ name, in: "query", required: false, description, schema: { type: "string" } },
});
export const idParameter = pathParameter("id");

export function operation(summary: string, good: object, hasId = false) {
  return {
    summary,
    ...(hasId ? { parameters: [idParameter] } : {}),
    responses: { 200: good, default: failure },
  };
}

export const status = answer("The stream's status", json(ref("StreamStatus")));
export const statusOrLookup = answer(
  "The stream's status, or of an item that is being looked up",
  json({ oneOf: [ref("StreamStatus"), ref("LookupStatus")] }),
);
export const done = answer("Done", json({ type: "object" }));
export const events = answer("Server-sent events", {
  "text/event-stream": { schema: { type: "string" } },
});
export const page = answer("HTML", { "text/html": { schema: { type: "string" } } });
export const playlist = answer("A playlist", {
  "application/vnd.apple.mpegurl": { schema: { type: "string" } },
});
export const transportStream = answer("MPEG-TS", {
  "video/mp2t": { schema: { type: "string", format: "binary" } },
});
