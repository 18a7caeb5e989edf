import { describe, expect, it } from "vitest";
import { readNotification, type Notification } from "./notification.ts";
import { readWebhookBody } from "./read-body.ts";

// Bodies that were not recorded, made by what the plugin's source does and what templates leave.
const ID = "eb98cfb87c5219a7fb0829fa56ca23f4";
const DASHED = "eb98cfb8-7c52-19a7-fb08-29fa56ca23f4";
const SESSION = "ea7add84fe5d3afcd1cd1e2c8910092a";
const FORM = "application/x-www-form-urlencoded";

const all = (changes: object): string =>
  JSON.stringify({
    ...{ NotificationType: "PlaybackStart", ItemType: "Movie", ItemId: ID, MediaSourceId: ID },
    ...{ Name: "Film", DeviceId: "tv", Client: "Jellyfin Web", Id: SESSION, UserId: DASHED },
    ...{ PlaybackPositionTicks: 6_000_000_000, IsPaused: false, IsAutomated: false },
    ...changes,
  });
const template = (rest: string): string =>
  `{"NotificationType":"PlaybackStart","ItemId":"${DASHED}","DeviceId":"tv"${rest}}`;
const stop = (LastPlaybackCheckIn: string, UtcTimestamp = "2026-11-21T01:18:43.5224624Z") =>
  all({ NotificationType: "PlaybackStop", LastPlaybackCheckIn, UtcTimestamp });

type Seen = Partial<Record<string, unknown>>;
const FILM = { kind: "start", itemId: ID, deviceId: "tv" };
const OTHER = { kind: "other" };

const UNDERSTOOD: readonly [what: string, body: string, seen: Seen, contentType?: string][] = [
  [
    "an episode",
    all({ ItemType: "Episode", Name: 'The \\"One\\"', SeriesName: "A & B", SeriesId: DASHED }),
    { ...FILM, title: 'A & B: The "One"', seriesId: ID, sessionId: SESSION, userId: ID },
  ],
  ["a music video", all({ ItemType: "MusicVideo" }), FILM],
  ["a home video", all({ ItemType: "Video" }), FILM],
  ["a song", all({ ItemType: "Audio" }), OTHER],
  ["the end of a song", all({ ItemType: "Audio", NotificationType: "PlaybackStop" }), OTHER],
  ["live television", all({ ItemType: "LiveTvChannel", Name: "BBC" }), OTHER],
  ["a photo", all({ ItemType: "Photo" }), OTHER],
  ["a trailer", all({ ItemType: "Trailer" }), OTHER],
  ["a new series", all({ NotificationType: "ItemAdded", ItemType: "Series" }), { kind: "added" }],
  ["a test message", all({ NotificationType: "Generic", Message: "hi" }), OTHER],
  ["a task", '{"NotificationType":"TaskCompleted","ResultStatus":"Completed"}', OTHER],
  ["a failed login", '{"NotificationType":"AuthenticationFailure","Username":"x"}', OTHER],
  ["a restart to come", '{"NotificationType":"PendingRestart"}', OTHER],
  ["a deleted item", all({ NotificationType: "ItemDeleted" }), OTHER],
  ["a name of an event in small letters", all({ NotificationType: "playbackstart" }), FILM],
  ["an alternate version", all({ MediaSourceId: SESSION }), { ...FILM, mediaSourceId: SESSION }],
  [
    "a source with a name for an id",
    all({ MediaSourceId: "live_1" }),
    { mediaSourceId: undefined },
  ],
  ["no position", all({ PlaybackPositionTicks: null }), { positionSeconds: undefined }],
  ["a position before the film", all({ PlaybackPositionTicks: -5 }), { positionSeconds: 0 }],
  [
    "a position as text",
    all({ PlaybackPositionTicks: "12345670000" }),
    { positionSeconds: 1234.567 },
  ],
  [
    "a position as a clock",
    all({ PlaybackPositionTicks: "", PlaybackPosition: "01:02:03" }),
    { positionSeconds: 3723 },
  ],
  [
    "the empty user",
    all({ UserId: "00000000-0000-0000-0000-000000000000" }),
    { userId: undefined },
  ],
  ["an id in capitals", all({ ItemId: DASHED.toUpperCase() }), FILM],
  ["an id in braces", all({ ItemId: `{${DASHED}}` }), FILM],
  [
    "no id of the item, but the session's",
    all({ ItemId: "" }),
    { itemId: undefined, sessionId: SESSION },
  ],
  ["an id that is none", all({ ItemId: "12" }), { itemId: undefined, sessionId: SESSION }],
  ["other alphabets", all({ Name: "😀 Фильм 映画" }), { title: "😀 Фильм 映画" }],
  [
    "entities of a template",
    all({ Name: "L&#233;t&#128512; &lt;3 &amp; &#39;x&#39;" }),
    { title: "Lét😀 <3 & 'x'" },
  ],
  ["a backslash", all({ Name: "AC\\DC" }), { title: "AC\\DC" }],
  ["a stop", stop("2026-11-21T01:18:41.1Z"), { kind: "stop", isInvented: false }],
  ["a stop nine minutes late", stop("2026-11-21T01:09:41.1Z"), { kind: "stop", isInvented: true }],
  ["a stop of who never reported", stop("0001-01-01T00:00:00.0000000Z"), { isInvented: false }],
  [
    "a stop in local time",
    stop("2026-11-21T01:18:41.1Z", "2026-11-21T02:18:43.5224624+01:00"),
    { kind: "stop", isInvented: false },
  ],
  [
    "a bare True",
    template(',"IsPaused":True,"IsAutomated": False'),
    { isPaused: true, isAutomated: false },
  ],
  ["True in quotes", template(',"IsPaused":"True"'), { isPaused: true }],
  ["a missing year", template(',"Year":,"Name":"x"'), { ...FILM, title: "x" }],
  ["a missing year at the end", template(',"Year":\n'), FILM],
  ["an escaped ampersand", template(',"Name":"A \\& B"'), { title: "A \\& B" }],
  ["quotes of a title, escaped twice", template(',"Name":"\\&quot;A\\&quot;"'), { title: '"A"' }],
  [
    "quotes of a title as they are",
    template(',"Name":"The "Quoted" Film"'),
    { title: 'The "Quoted" Film' },
  ],
  [
    "line breaks and a tab",
    template(',"Overview":"one\r\n\r\n\ttwo","Name":"x"'),
    { ...FILM, title: "x" },
  ],
  [
    "a time and an id without quotes",
    template(`,"RunTime":01:30:00,"SessionId":${SESSION}`),
    { sessionId: SESSION },
  ],
  ["a byte order mark and a line break", `\uFEFF${all({})}\r\n`, FILM],
  [
    "a form",
    `NotificationType=PlaybackStart&ItemId=${DASHED}&DeviceId=tv&Name=L%E2%80%99%C3%A9t%C3%A9+%5C%22A%5C%22&IsPaused=True`,
    { ...FILM, title: 'L’été "A"', isPaused: true },
    FORM,
  ],
];

const REFUSED: readonly [what: string, body: string, message: RegExp][] = [
  [
    "a title without quotes",
    template(',"Name":Clip Four (2004)'),
    /"Name" is text without quotes.*Send All/,
  ],
  [
    "an event without quotes",
    '{"NotificationType":PlaybackStart}',
    /"NotificationType" is text without/,
  ],
  [
    "a quote before a comma",
    template(',"Name":"Say "yes", then"'),
    /"Name" holds quotes.*json_encode/,
  ],
  [
    "a backslash at the end of a title",
    template(',"Name":"back\\"'),
    /"Name" holds quotes.*json_encode/,
  ],
  ["a decimal comma", template(',"Fps":23,976'), /after "Fps" has no name in double quotes/],
  ["single quotes", "{'ItemId':'1'}", /the first field has no name in double quotes/],
  ["a comment", `{/* x */"ItemId":"${ID}"}`, /has no name in double quotes/],
  ["a list of events", `[${all({})}]`, /JSON but not an object/],
  ["nothing", " \n", /empty/],
  ["words", "Film has started", /neither JSON, nor a form/],
];

const read = (body: string, contentType = "text/plain; charset=utf-8"): Notification | undefined =>
  readNotification(readWebhookBody(body, contentType));

describe("a body with", () => {
  it.each(UNDERSTOOD)("%s is understood", (_what, body, seen, contentType) => {
    expect(read(body, contentType)).toMatchObject(seen);
  });
  it.each(REFUSED)("%s is refused, and told what fixes it", (_what, body, message) => {
    expect(() => read(body)).toThrow(message);
  });
  it.each([
    ["Discord", '{"content":"","username":"Jellyfin","embeds":[{"title":"Film has started"}]}'],
    ["Gotify", '{"title":"root started Film","message":"…","priority":5}'],
    ["Slack", '{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"x"}}]}'],
  ])("the template of %s names no event", (_what, body) => {
    expect(read(body)).toBeUndefined();
  });
});
