import { expect, it } from "vitest";
import { chooseWish, parseWishRules } from "./wish-rules.ts";

it("the first rule that fits says how a film is made", () => {
  const rules =
    parseWishRules(
      "user=kids: model=fast, sharpness=0; client=Jellyfin Roku:audio=fre; quality=24",
    ) ?? [];
  expect(chooseWish(rules, { userName: "Kids" })).toEqual({ model: "fast", sharpness: 0 });
  expect(chooseWish(rules, { client: "jellyfin roku" })).toEqual({ audio: "fre" });
  expect(chooseWish(rules, {})).toEqual({ quality: 24 });
  expect(chooseWish([], { userName: "kids" })).toEqual({});
});

it.each(["fast", "user=kids", "user=kids:", "speed=2", "quality=99", "model=", "user=a:model=b=c"])(
  "text that is no rule is refused: %s",
  (text) => {
    expect(parseWishRules(text)).toBeUndefined();
  },
);
