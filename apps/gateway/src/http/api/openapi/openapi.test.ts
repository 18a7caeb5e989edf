import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { WISH_NAMES } from "@upreel/core";
import { z } from "zod";
import { startTestApp } from "../../../testing/start-app.ts";
import { openApiDocument } from "./openapi.ts";
import { parseTriggerBody } from "../trigger-body.ts";

const METHODS = ["get", "post", "put", "patch", "delete"];

it("the document is valid, and so is every schema in it", async () => {
  const { errors } = await new Validator().validate(openApiDocument());
  expect(errors).toBe(undefined);
  // That one looks at no schema: to it each is a box.
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTuples: false });
  const { schemas } = openApiDocument().components;
  for (const [name, schema] of Object.entries(schemas))
    expect([name, ajv.validateSchema(schema), ajv.errors]).toEqual([name, true, null]);
});

const layerSchema = z.object({
  rawPath: z.unknown(),
  route: z
    .object({ path: z.union([z.string(), z.array(z.string())]), methods: z.object({}).loose() })
    .optional(),
  handle: z.unknown(),
});
/** Routers are functions with a list of what they try. */
const stackOf = (router: unknown): readonly unknown[] | undefined =>
  typeof router === "function" && "stack" in router && Array.isArray(router.stack)
    ? router.stack
    : undefined;

/** What express answers, as `get /status/{}`: names of parameters say nothing. */
function routesOf(router: unknown, prefix = ""): string[] {
  return (stackOf(router) ?? []).flatMap((each) => {
    const { rawPath, route, handle } = layerSchema.parse(each);
    if (route !== undefined)
      return [route.path]
        .flat()
        .flatMap((path) =>
          Object.keys(route.methods).map(
            (method) => `${method} ${prefix}${path.replaceAll(/:\w+/g, "{}")}`,
          ),
        );
    return routesOf(handle, rawPath === "/" ? prefix : `${prefix}${String(rawPath)}`);
  });
}

/** Not for clients: what the pages are made of, and what nginx tells. */
const UNTOLD = [
  ...["get /assets/{}", "get /icon.svg", "get /icon-{}.png", "get /manifest.webmanifest"],
  "_all /internal/served",
];

it("no route is without a document, and each names its parameters", async () => {
  await using app = await startTestApp();
  const documented = Object.entries(openApiDocument().paths).flatMap(([path, operations]) =>
    METHODS.filter((method) => method in operations).map(
      (method) => `${method} ${path.replaceAll(/\{\w+\}(\.vtt)?/g, "{}")}`,
    ),
  );
  expect(documented.toSorted()).toEqual(
    routesOf(app.app.router)
      .filter((route) => !UNTOLD.includes(route))
      .toSorted(),
  );
  const parametersSchema = z.object({
    parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).default([]),
  });
  for (const [path, operations] of Object.entries(openApiDocument().paths))
    for (const operation of Object.values(operations)) {
      const named = parametersSchema
        .parse(operation)
        .parameters.filter((parameter) => parameter.in === "path")
        .map(({ name }) => name);
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect([path, new Set(named)]).toEqual([path, new Set(inPath)]);
    }
});

it("names every field of a trigger that chooses something, with the values that are taken", () => {
  const { content } = openApiDocument().paths["/upscale-trigger"].post.requestBody;
  const { properties } = z
    .object({
      properties: z.record(z.string(), z.looseObject({ enum: z.array(z.string()).optional() })),
    })
    .parse(content["application/json"].schema);
  expect(Object.keys(properties)).toEqual(["path", "title", "priority", ...WISH_NAMES]);
  for (const [name, { enum: values = [] }] of Object.entries(properties))
    for (const value of values) {
      const body = JSON.stringify({ path: "/films/a.mkv", [name]: value });
      const read = parseTriggerBody(body, "application/json");
      const chosen = { [name]: value };
      expect(read).toMatchObject(name === "priority" ? chosen : { wish: chosen });
    }
});
