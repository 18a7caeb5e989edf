import { expect, it } from "vitest";
import { recordedPlayback } from "../testing/recorded.ts";
import { readPlaybackRequest, requestWithFlags } from "./read-request.ts";

const PATH = "/Items/508bfcc390dc4acbd1826571a92d9968/PlaybackInfo";
const { requestBody, request } = recordedPlayback("05-playbackinfo");
const BODY = JSON.stringify(requestBody);

it("reads what jellyfin-web posts", () => {
  expect(readPlaybackRequest(PATH, BODY)).toEqual(request);
});

it("reads what stands in the query, which counts before the body", () => {
  const query =
    "?userId=u1&StartTimeTicks=70&audioStreamIndex=3&isPlayback=true&enableDirectPlay=False&x=";
  expect(readPlaybackRequest(PATH + query, BODY)).toEqual({
    ...request,
    ...{ UserId: "u1", StartTimeTicks: 70, AudioStreamIndex: 3, EnableDirectPlay: false },
  });
  expect(readPlaybackRequest(`${PATH}?audioStreamIndex=1`, "")).toEqual({ AudioStreamIndex: 1 });
});

it.each(["no JSON", "[1", `${PATH}?startTimeTicks=soon`])("does not make sense of %j", (text) => {
  const [url, body] = text.startsWith("/") ? [text, BODY] : [PATH, text];
  expect(readPlaybackRequest(url, body)).toBeUndefined();
});

it("takes the flags of a retry out of body and query", () => {
  const retried = requestWithFlags(
    `${PATH}?UserId=u1&enableDirectPlay=false`,
    JSON.stringify({ EnableDirectStream: false, AllowVideoStreamCopy: false }),
    { AllowVideoStreamCopy: true },
  );
  expect(retried).toEqual({ url: `${PATH}?UserId=u1`, body: '{"AllowVideoStreamCopy":true}' });
});
