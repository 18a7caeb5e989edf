import { UpreelError } from "@upreel/core";
import { describe, expect, it } from "vitest";
import { parseSettings } from "./parse-settings.ts";
import { SETTING_NAMES, settingText } from "./schema.ts";

function problemsOf(action: () => unknown): string {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof UpreelError && thrown.code === "invalid_config") return thrown.message;
    throw thrown;
  }
  return "";
}

describe("settings", () => {
  it("have defaults that need nothing set", () => {
    const config = parseSettings({}, {}, "/work-folder");
    expect(config).toMatchObject({
      port: 5000,
      host: "127.0.0.1",
      dataDir: "/work-folder/data",
      modelsDir: "/work-folder/data/models",
      mediaRoots: [],
      segmentSeconds: 2,
      listSize: 10,
      videoEncoder: "auto",
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it("come from the environment before the file, and an empty variable is no value", () => {
    const config = parseSettings({ PORT: "7000", SCALE: "" }, { PORT: 6000, SCALE: 4 }, "/");
    expect([config.port, config.scale]).toEqual([7000, 4]);
  });

  it("take a path map and rules as text or as JSON", () => {
    const wanted = {
      pathMap: [{ from: "/media", to: "/mnt" }],
      onPlay: [{ user: "kids", mode: "off" }],
    };
    const text = { PATH_MAP: "/media=/mnt", ON_PLAY: "user=kids:off" };
    expect(parseSettings(text, {}, "/").jellyfin).toMatchObject(wanted);
    const json = { PATH_MAP: { "/media": "/mnt" }, ON_PLAY: [{ user: "kids", mode: "off" }] };
    expect(parseSettings({}, json, "/").jellyfin).toMatchObject(wanted);
    const problems = problemsOf(() =>
      parseSettings({ PATH_MAP: "/media", ON_PLAY: "never", JELLYFIN_API_KEY: "short" }, {}, "/"),
    );
    expect(problems).toContain("PATH_MAP: expected `/jellyfin/folder=/folder/here`");
    expect(problems).toContain("ON_PLAY: expected rules separated by");
    expect(problems).not.toContain("short");
  });

  it("take a rule of films with each of its wishes, as text and from the file", () => {
    const wish = {
      ...{ model: "fast", scale: 1.5, quality: 24, target_height: 720 },
      ...{ audio: "fre", content: "animation" },
    };
    const pairs = Object.entries(wish).map(([name, value]) => `${name}=${value}`);
    const wanted = { wishes: [{ user: "kids", wish }] };
    const text = { FILM_RULES: `user=kids: ${pairs.join(", ")}` };
    expect(parseSettings(text, {}, "/").jellyfin).toMatchObject(wanted);
    const json = (given: object) => ({ FILM_RULES: [{ user: "kids", wish: given }] });
    expect(parseSettings({}, json(wish), "/").jellyfin).toMatchObject(wanted);
    const unknown = problemsOf(() => parseSettings({}, json({ ...wish, codec: "av1" }), "/"));
    expect(unknown).toContain("FILM_RULES: expected rules separated by");
  });

  it("list every wrong value with what was expected and got", () => {
    const text = problemsOf(() =>
      parseSettings(
        { PORT: "99999", MODEL: "auto", VIDEO_ENCODER: "mpeg2", MEDIA_ROOTS: "/films:relative" },
        { HLS_LIST_SIZE: 1, PROT: 5 },
        "/",
      ),
    );
    expect(text).toContain('PORT: expected a whole number from 0 to 65535, got "99999"');
    expect(text).toContain("VIDEO_ENCODER: expected one of auto, libx264");
    expect(text).toContain(
      'MEDIA_ROOTS: expected absolute folders separated by `:` (in the file: an array), got "/films:relative"',
    );
    expect(text).toContain("HLS_LIST_SIZE: expected a whole number from 3 to 1000, got 1");
    expect(text).toContain("PROT: no such setting");
    expect(text).not.toContain("MODEL");
  });

  it("do not take true, null or a list for a number", () => {
    for (const value of [true, null, [], [7]])
      expect(problemsOf(() => parseSettings({}, { SCALE: value }, "/"))).toContain(
        "SCALE: expected",
      );
  });

  it("never show the token", () => {
    const text = problemsOf(() => parseSettings({ API_TOKEN: "s3cret" }, {}, "/"));
    expect(text).toContain("API_TOKEN: expected at least 8 characters");
    expect(text).not.toContain("s3cret");
  });

  it("split media roots at colons and take arrays from the file", () => {
    expect(parseSettings({ MEDIA_ROOTS: "/a:/b:" }, {}, "/").mediaRoots).toEqual(["/a", "/b"]);
    expect(parseSettings({}, { MEDIA_ROOTS: ["/c d"] }, "/").mediaRoots).toEqual(["/c d"]);
  });

  it("take a public URL with a path and drop its last slash", () => {
    const config = parseSettings({ PUBLIC_URL: "https://tv.example/up/" }, {}, "/");
    expect(config.publicUrl).toBe("https://tv.example/up");
    expect(problemsOf(() => parseSettings({ PUBLIC_URL: "tv.example" }, {}, "/"))).toContain(
      "PUBLIC_URL",
    );
    expect(problemsOf(() => parseSettings({ PUBLIC_URL: "ftp://tv.example" }, {}, "/"))).toContain(
      "PUBLIC_URL",
    );
  });

  it("all have a description and what they accept", () => {
    for (const name of SETTING_NAMES) {
      const { expected, description } = settingText(name);
      expect(`${expected}${description}`).not.toContain("undefined");
    }
  });
});
