import { expect, test } from "vitest";
import { readBodyText } from "./form-text.ts";

async function bodyOf(form: FormData): Promise<{ body: Buffer; type: string }> {
  const response = new Response(form);
  const type = response.headers.get("content-type") ?? "";
  return { body: Buffer.from(await response.arrayBuffer()), type };
}

test("the fields of a multipart form are JSON, with the spaces of their values", async () => {
  const form = new FormData();
  form.append("path", '/films/Zoë \'n "so" .mkv ');
  form.append("priority", "next");
  const { body, type } = await bodyOf(form);
  expect(JSON.parse(await readBodyText(body, type))).toEqual({
    path: '/films/Zoë \'n "so" .mkv ',
    priority: "next",
  });
});

test("a name in a form that is not UTF-8 keeps its bytes", async () => {
  const form = new FormData();
  form.append("path", "/films/caf?.mkv");
  const { body, type } = await bodyOf(form);
  body[body.indexOf("?")] = 0xe9;
  expect(JSON.parse(await readBodyText(body, type))).toEqual({ path: "/films/caf\uEFE9.mkv" });
});

test("JSON that calls itself a form is JSON", async () => {
  const json = '{"path": "/f/x.mkv"}';
  expect(await readBodyText(Buffer.from(json), "multipart/form-data")).toBe(json);
});

test("a form with a file, one that breaks off and one without a boundary are refused", async () => {
  const form = new FormData();
  form.append("path", new Blob(["film"]), "film.mkv");
  const { body, type } = await bodyOf(form);
  await expect(readBodyText(body, type)).rejects.toMatchObject({ code: "bad_request" });
  const text = new FormData();
  text.append("path", "/f/x.mkv");
  const whole = await bodyOf(text);
  const cut = whole.body.subarray(0, -12);
  await expect(readBodyText(cut, whole.type)).rejects.toMatchObject({ code: "bad_request" });
  await expect(readBodyText(whole.body, "multipart/form-data")).rejects.toMatchObject({
    code: "bad_request",
  });
});
