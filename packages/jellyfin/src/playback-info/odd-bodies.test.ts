import { mutations } from "@upreel/testkit";
import { expect, it } from "vitest";
import { recordedPlayback } from "../testing/recorded.ts";
import { clientRefusal } from "./client-limits.ts";
import { decidePlayback } from "./decide.ts";
import { readPlaybackRequest } from "./read-request.ts";
import { rewriteAnswer } from "./rewrite.ts";
import { playbackAnswerSchema } from "./schema.ts";

const OPTIONS = { maxOutputHeight: 2160 };
const MADE = { width: 1280, height: 720, framesPerSecond: 25, bitsPerSecond: 4_000_000 };
const RECORDED = [
  "05-playbackinfo-h264-mkv-3audio-2srt-transcode",
  "13-playbackinfo-hevc-vobsub-no-audio",
].map(recordedPlayback);

it("an answer with any field gone or odd is passed, or upscaled from what is needed alone", () => {
  let [passed, upscaled] = [0, 0];
  for (const { answerBody, request } of RECORDED)
    for (const odd of mutations(answerBody)) {
      const { data: answer } = playbackAnswerSchema.safeParse(odd);
      const decision = answer && decidePlayback(request, answer, OPTIONS);
      if (answer === undefined || decision?.kind !== "upscale") {
        passed++;
        continue;
      }
      upscaled++;
      const { path, startSeconds, playSessionId } = decision.candidate;
      expect(path).not.toBe("");
      expect(playSessionId).not.toBe("");
      expect(startSeconds).toBeGreaterThanOrEqual(0);
      const { MediaSources, ...rest } = rewriteAnswer(
        answer,
        decision.candidate,
        "/upscale/x",
        request.DeviceProfile,
      );
      expect(MediaSources.length).toBeGreaterThan(0);
      expect(rest).toEqual({ ...answer, MediaSources: undefined });
    }
  expect(passed).toBeGreaterThan(500);
  expect(upscaled).toBeGreaterThan(500);
});

it("so is the answer to a request with any field gone or odd", () => {
  for (const { requestBody, answer } of RECORDED)
    for (const odd of mutations(requestBody)) {
      const request = readPlaybackRequest("/Items/1/PlaybackInfo", JSON.stringify(odd));
      if (request === undefined) continue;
      const decision = decidePlayback(request, answer, OPTIONS);
      if (decision.kind === "pass") expect(decision.reason.message).not.toBe("");
      else expect(Number.isFinite(decision.candidate.startSeconds)).toBe(true);
      clientRefusal(request, MADE);
    }
});

it.each(["", "?x=%", "?AudioStreamIndex=two", "?startTimeTicks=1e999", "?enableDirectPlay=maybe"])(
  "and to one whose URL ends with %j",
  (query) => {
    for (const { requestBody, answer } of RECORDED) {
      const body = JSON.stringify(requestBody);
      const request = readPlaybackRequest(`/Items/1/PlaybackInfo${query}`, body);
      if (request === undefined) continue;
      const decision = decidePlayback(request, answer, OPTIONS);
      if (decision.kind === "upscale")
        expect(Number.isFinite(decision.candidate.startSeconds)).toBe(true);
    }
  },
);
