import { UpreelError } from "@upreel/core";
import { describe, expect, it } from "vitest";
import { parseTriggerBody } from "./trigger-body.ts";

const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";

function refusal(body: string, type?: string): UpreelError {
  try {
    parseTriggerBody(body, type);
  } catch (thrown) {
    if (thrown instanceof UpreelError) return thrown;
    throw thrown;
  }
  throw new Error("it was accepted");
}

describe("a trigger's body", () => {
  it.each([
    ["path", '{"path": "/films/a b.mkv"}'],
    ["Path", '{"Path": "/films/a b.mkv"}'],
    ["Item.Path", '{"Item": {"Path": "/films/a b.mkv"}}'],
    ["a file URL", '{"Item": {"Path": "file:///films/a%20b.mkv"}}'],
    ["a JSON string", '"/films/a b.mkv"'],
    ["a bare path", "/films/a b.mkv\n"],
    ["a form", "path=%2Ffilms%2Fa+b.mkv"],
    ["a byte order mark before it", '\uFEFF{"path": "/films/a b.mkv"}'],
  ])("names its file by %s", (_what, body) => {
    expect(parseTriggerBody(body, undefined)).toEqual({
      kind: "film",
      path: "/films/a b.mkv",
      title: "a b",
      priority: undefined,
      wish: {},
      ignored: [],
    });
  });

  it.each([
    ["a file URL", '{"path": "file:///films/caf%E9%20%C3%A9.mkv"}'],
    ["a bare file URL", "file://localhost/films/caf%E9%20%C3%A9.mkv"],
    ["a form", "path=%2Ffilms%2Fcaf%E9+%C3%A9.mkv"],
  ])("names a file whose name is not UTF-8 by %s", (_what, body) => {
    expect(parseTriggerBody(body, undefined)).toMatchObject({
      path: "/films/caf\uEFE9 \u00e9.mkv",
      title: "caf\uFFFD \u00e9",
    });
  });

  it.each(["file://nas/films/a.mkv", "file:///films/a%2Fb.mkv", "file:///films/a%4.mkv", "file:"])(
    "refuses the URL %s",
    (path) => {
      expect(refusal(JSON.stringify({ path })).code).toBe("bad_request");
    },
  );

  it("is read as what it is, not as what its content type says", () => {
    const body = '{"Item": {"Path": "/f/x.mkv", "Name": "The Film"}}';
    for (const type of [JSON_TYPE, FORM_TYPE, "text/plain", "multipart/form-data", undefined])
      expect(parseTriggerBody(body, type)).toMatchObject({
        path: "/f/x.mkv",
        title: "The Film",
      });
  });

  it.each([
    ["path", JSON.stringify({ path: "/films/a \t" })],
    ["Item.Path", JSON.stringify({ Item: { Path: "/films/a \t" } })],
    ["a form", "path=%2Ffilms%2Fa+%09"],
    ["a bare path", "/films/a \t\n"],
  ])("keeps the spaces that a name ends with, by %s", (_what, body) => {
    expect(parseTriggerBody(body, undefined)).toMatchObject({ path: "/films/a \t" });
  });

  it("without a letter in the path names no file", () => {
    expect(refusal('{"path": "  "}', JSON_TYPE).message).toMatch(/names no file/);
  });

  it("may hold anything beside the path, of any type", () => {
    const body = JSON.stringify({
      path: "/f/x.mkv",
      Name: ["a"],
      Item: "text",
      title: null,
      UserId: [1],
    });
    expect(parseTriggerBody(body, JSON_TYPE)).toMatchObject({ path: "/f/x.mkv", title: "x" });
  });

  it("may name a priority, of those there are", () => {
    const body = (priority: unknown) => JSON.stringify({ path: "/f/x.mkv", priority });
    expect(parseTriggerBody(body("next"), JSON_TYPE)).toMatchObject({ priority: "next" });
    expect(refusal(body("soon"), JSON_TYPE)).toMatchObject({
      code: "bad_request",
      expected: "viewer, next, background",
    });
  });

  it("may say how the film is to be made, in numbers or in a form's text", () => {
    const wish = {
      ...{ model: "fast", scale: 1.5, quality: 24, target_height: 720 },
      ...{ sharpness: 0.7, audio: 2, content: "animation" },
    };
    const json = JSON.stringify({ path: "/f/x.mkv", ...wish });
    const form =
      "path=/f/x.mkv&model=fast&scale=1.5&quality=24&target_height=720&sharpness=0.7&audio=2&content=animation";
    for (const body of [json, form])
      expect(parseTriggerBody(body, undefined)).toMatchObject({ wish, ignored: [] });
    const spoken = parseTriggerBody('{"path": "/f/x.mkv", "audio": "fre"}', JSON_TYPE);
    expect(spoken).toMatchObject({ wish: { audio: "fre" } });
  });

  it.each([
    ["scale", 2.5],
    ["scale", "big"],
    ["quality", 52],
    ["target_height", 0],
    ["sharpness", 1.5],
    ["audio", -1],
    ["model", ""],
    ["content", "opera"],
  ])("with the %s %j is refused, or asks for nothing", (name, value) => {
    const body = JSON.stringify({ path: "/f/x.mkv", [name]: value });
    if (value === "") expect(parseTriggerBody(body, JSON_TYPE)).toMatchObject({ wish: {} });
    else expect(refusal(body, JSON_TYPE).message).toBe(`${name} cannot be used`);
  });

  it("tells which of its fields mean nothing, but not those of a webhook", () => {
    const ignored = (body: object): unknown => parseTriggerBody(JSON.stringify(body), JSON_TYPE);
    const path = "/f/x.mkv";
    expect(ignored({ path, title: "x", targetHeight: 720, codec: "av1" })).toMatchObject({
      ignored: ["targetHeight", "codec"],
    });
    expect(ignored({ Item: { Path: path }, scale: "none", ServerId: "1" })).toMatchObject({
      ...{ wish: {}, ignored: [] },
    });
    expect(ignored({ NotificationType: "PlaybackStart", path, quality: "HD" })).toMatchObject({
      ...{ wish: {}, ignored: [] },
    });
  });

  it("that is broken JSON is told where", () => {
    expect(refusal('{"path": "/a.mkv",}', JSON_TYPE).message).toMatch(
      /not valid JSON.*position 18/,
    );
    expect(refusal('{"path": "/a.mkv"', JSON_TYPE).message).toMatch(
      /position 17 \(line 1 column 18\)/,
    );
    expect(refusal('{"path":\n  oops}', JSON_TYPE).message).toMatch(/line 2 column 3/);
  });

  it("without a file is told what it has", () => {
    expect(refusal("", undefined).message).toBe("the body is empty");
    expect(refusal('{"Event": "Play"}', JSON_TYPE).got).toBe("the fields Event");
    expect(refusal("[1]", JSON_TYPE).got).toBe("an array");
    expect(refusal("hello", "text/plain").code).toBe("bad_request");
  });

  it("may name an item of Jellyfin's by its id alone", () => {
    const id = "eb98cfb8-7c52-19a7-fb08-29fa56ca23f4";
    for (const body of [`{"ItemId": "${id}"}`, `{"Item": {"Id": "${id}"}}`, `who=me&path=${id}`])
      expect(parseTriggerBody(body, undefined)).toEqual({
        kind: "item",
        itemId: id.replaceAll("-", ""),
        title: undefined,
      });
  });

  it("that tells of an event is one, unless it starts a file that it names", () => {
    const parse = (body: object) => parseTriggerBody(JSON.stringify(body), JSON_TYPE);
    const path = "/f/x.mkv";
    expect(parse({ event: "PlaybackStart", path })).toMatchObject({ kind: "film", path });
    expect(parse({ event: "PlaybackStop", path })).toMatchObject({
      kind: "event",
      notification: { kind: "stop" },
    });
    expect(parse({ NotificationType: "UserDataSaved" })).toMatchObject({ kind: "event" });
  });

  it("cannot smuggle a prototype", () => {
    const body = '{"__proto__": {"path": "/evil"}, "path": "/f/x.mkv"}';
    expect(parseTriggerBody(body, JSON_TYPE)).toMatchObject({ path: "/f/x.mkv" });
  });
});
