import { FILM_WISHES, PRIORITIES, WISH_NAMES } from "@upreel/core";
import { z } from "zod";
import { json } from "./openapi-parts.ts";

/** What the body of a trigger may say. */
export function triggerBody() {
  const wishes = WISH_NAMES.map((name) => {
    const { schema, expected } = FILM_WISHES[name];
    const { $schema: _, ...plain } = z.toJSONSchema(schema, { io: "output" });
    return [name, { ...plain, description: expected }] as const;
  });
  return {
    required: true,
    description:
      "Any content type: JSON with path, Path or Item.Path, a form, a bare path, or what Jellyfin's Webhook plugin sends. Beside a path: how this film is to be made, where that is not as the settings say",
    content: json({
      type: "object",
      properties: {
        path: { type: "string" },
        title: { type: "string" },
        priority: { enum: PRIORITIES },
        ...Object.fromEntries(wishes),
      },
    }),
  };
}
