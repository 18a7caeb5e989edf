import { tell } from "@upreel/core";
import { expect, test } from "vitest";
import { offerSubtitles, requireText } from "./offer-subtitles.ts";

const track = (index: number, codec: string) => ({
  ...{ index, codec, language: "eng", title: undefined, isDefault: false, isForced: false },
});
const TRACKS = [track(2, "subrip"), track(3, "hdmv_pgs_subtitle"), track(4, "dvb_teletext")];

test("text is offered; what is not says why", () => {
  expect(offerSubtitles(TRACKS).map(({ name, whyNot }) => [name, whyNot && tell(whyNot)])).toEqual([
    ["English", undefined],
    ["English (2)", "these subtitles are pictures (hdmv_pgs_subtitle), not text"],
    ["English (3)", "ffmpeg cannot turn dvb_teletext into text"],
  ]);
});

test("only what is offered can be asked for", () => {
  requireText(TRACKS, 2);
  for (const index of [0, 3]) {
    expect(() => requireText(TRACKS, index)).toThrow(
      expect.objectContaining({ code: "not_found" }),
    );
  }
});
