import { recordedExchange } from "@upreel/testkit";
import {
  playbackAnswerSchema,
  playbackRequestSchema,
  type MediaSource,
  type PlaybackAnswer,
  type PlaybackRequest,
} from "../playback-info/schema.ts";

export interface RecordedPlayback {
  readonly requestBody: Readonly<Record<string, unknown>>;
  readonly answerBody: object;
  readonly request: PlaybackRequest;
  readonly answer: PlaybackAnswer;
}

/** A PlaybackInfo exchange between jellyfin-web and a server, by the beginning of its recording's name. */
export function recordedPlayback(name: string): RecordedPlayback {
  const { request, response } = recordedExchange(name);
  return {
    requestBody: request.body ?? {},
    answerBody: response.body,
    request: playbackRequestSchema.parse(request.body ?? {}),
    answer: playbackAnswerSchema.parse(response.body),
  };
}

/** The answer with changes to its only source. */
export function withSource(answer: PlaybackAnswer, changes: Partial<MediaSource>): PlaybackAnswer {
  return {
    ...answer,
    MediaSources: answer.MediaSources.map((source) => ({ ...source, ...changes })),
  };
}
