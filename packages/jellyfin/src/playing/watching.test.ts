import { setImmediate as turn } from "node:timers/promises";
import { UpreelError } from "@upreel/core";
import { makeManualClock, makeRecordingLog, recordedBody, recordedWebhooks } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { sessionSchema, type JellyfinSession } from "../client/schemas.ts";
import { readNotification, type PlaybackNotification } from "../webhooks/notification.ts";
import { readWebhookBody } from "../webhooks/read-body.ts";
import type { Outcome } from "./played-films.ts";
import { isLostIn } from "./sighting.ts";
import { createWatching } from "./watching.ts";

const DEVICE = "hookdev1";

function setUp(
  options: { readonly toldElsewhere?: boolean; readonly onOutcome?: () => void } = {},
) {
  const clock = makeManualClock();
  const log = makeRecordingLog();
  const calls: string[] = [];
  const outcomes: Outcome[] = [];
  const jellyfin = { away: false };
  const watching = createWatching({
    clock,
    log,
    isToldElsewhere: () => options.toldElsewhere === true,
    onOutcome(_item, outcome) {
      outcomes.push(outcome);
      options.onOutcome?.();
    },
    paths: {
      async find(itemId) {
        if (jellyfin.away) throw new UpreelError("jellyfin_unreachable", "away");
        return { path: `/media/${itemId}.mkv`, title: "Clip" };
      },
    },
    films: {
      async start(_sighting, { path }) {
        calls.push(`start ${path.slice(7, 11)}`);
        return { kind: "stream", id: `of-${path.slice(7, 11)}` };
      },
      reportPlayhead: (id, { viewer, seconds, isPaused }) =>
        void calls.push(`${id} ${viewer} at ${seconds}${isPaused ? " paused" : ""}`),
      viewerLeft: (id, viewer) => void calls.push(`${id} ${viewer} left`),
    },
  });
  const note = async (
    change: Partial<PlaybackNotification> = {},
    name = "PlaybackStart-four-all",
  ) => {
    watching.note({ ...recorded(name), ...change });
    await turn();
  };
  return { clock, log, calls, outcomes, jellyfin, watching, note };
}

function recorded(name: string): PlaybackNotification {
  const { body = "" } = recordedWebhooks().find((webhook) => webhook.name === name) ?? {};
  const notification = readNotification(readWebhookBody(body, undefined));
  if (notification === undefined || notification.kind === "other" || notification.kind === "added")
    throw new Error(`${name} is no playback`);
  return notification;
}

/** The recorded list of sessions, with the playing one changed. */
function sessions(change: (playing: JellyfinSession) => Partial<JellyfinSession>) {
  const [playing, ...others] = z.array(sessionSchema).parse(recordedBody("40-"));
  if (playing === undefined) throw new Error("nobody plays");
  return [{ ...playing, ...change(playing) }, ...others];
}

describe("playing in Jellyfin", () => {
  it("starts a stream, tells where its viewer is and that he left", async () => {
    const { calls, note } = setUp();
    await note();
    await note({}, "PlaybackProgress-paused-four-all");
    await note({}, "PlaybackStop-four-all");
    expect(calls).toEqual([
      "start 7103",
      `of-7103 ${DEVICE} at 100`,
      `of-7103 ${DEVICE} at 109 paused`,
      `of-7103 ${DEVICE} left`,
    ]);
  });

  it("goes on when what is told of its outcome fails", async () => {
    const { calls, log, note } = setUp({
      onOutcome: () => {
        throw new Error("no stream of this id");
      },
    });
    await note();
    expect(log.entries.at(-1)).toMatchObject({
      level: "warn",
      message: expect.stringContaining("no stream of this id"),
    });
    await note({}, "PlaybackStop-four-all");
    expect(calls.at(-1)).toBe(`of-7103 ${DEVICE} left`);
  });

  it("tells the same only now and then: every second there is a Progress", async () => {
    const { calls, note, clock } = setUp();
    await note();
    for (let second = 1; second <= 12; second++) {
      clock.advance(1000);
      await note({ kind: "progress", positionSeconds: 100 + second });
    }
    expect(calls.slice(2)).toEqual([`of-7103 ${DEVICE} at 105`, `of-7103 ${DEVICE} at 110`]);
    await note({ kind: "progress", positionSeconds: 20 });
    expect(calls.at(-1)).toBe(`of-7103 ${DEVICE} at 20`);
  });

  it("by several users of one session is one viewer", async () => {
    const { calls, note } = setUp();
    await Promise.all([
      note({ userName: "one" }),
      note({ userName: "two", userId: "f".repeat(32) }),
    ]);
    expect(calls.filter((call) => call.startsWith("start"))).toHaveLength(1);
    await note({ userName: "one" }, "PlaybackStop-four-all");
    await note({ userName: "two" }, "PlaybackStop-four-all");
    expect(calls.filter((call) => call.endsWith("left"))).toHaveLength(1);
  });

  it("another film on the same device leaves the first", async () => {
    const { calls, note } = setUp();
    await note();
    await note({}, "PlaybackStart-ete-all");
    expect(calls.slice(2)).toEqual([
      `of-7103 ${DEVICE} left`,
      "start eb98",
      expect.stringContaining("of-eb98"),
    ]);
    // A client that is switched tells the end of the first after the beginning of the second.
    await note({}, "PlaybackStop-four-all");
    expect(calls).toHaveLength(5);
  });

  it("that stops while its file is looked up leaves what was found", async () => {
    const { calls, watching } = setUp();
    watching.note(recorded("PlaybackStart-four-all"));
    watching.note(recorded("PlaybackStop-four-all"));
    await turn();
    expect(calls.at(-1)).toBe(`of-7103 ${DEVICE} left`);
  });

  it("of a client that vanished ends, although the server runs on for it", async () => {
    const { calls, note, clock, log } = setUp();
    await note();
    for (let second = 1; second <= 70; second++) {
      clock.advance(1000);
      await note({ kind: "progress", isAutomated: true, positionSeconds: 100 + second });
    }
    expect(calls.at(-1)).toBe(`of-7103 ${DEVICE} left`);
    await note({ kind: "stop", isInvented: true });
    expect(calls.filter((call) => call.endsWith("left"))).toHaveLength(1);
    expect(log.entries.map(({ message }) => message).join()).toContain("ended by the server");
    await note({ kind: "progress", positionSeconds: 130 });
    expect(calls.at(-1)).toBe(`of-7103 ${DEVICE} at 130`);
  });

  it("is tried again when Jellyfin is back", async () => {
    const { calls, note, clock, jellyfin, outcomes } = setUp();
    jellyfin.away = true;
    await note();
    expect(outcomes).toMatchObject([{ kind: "failed", reason: { code: "jellyfin_unreachable" } }]);
    jellyfin.away = false;
    await note({ kind: "progress" });
    expect(calls).toEqual([]);
    clock.advance(5000);
    await note({ kind: "progress" });
    expect(calls[0]).toBe("start 7103");
  });

  it("told by a template without the device is of the player that is known, in either order", async () => {
    const byDevice = setUp();
    await byDevice.note();
    await byDevice.note({}, "PlaybackProgress-paused-four-tpl-json");
    await byDevice.note({}, "PlaybackStop-four-tpl-json");
    expect(byDevice.calls.slice(2)).toEqual([`of-7103 ${DEVICE} at 109`, `of-7103 ${DEVICE} left`]);

    const byUser = setUp();
    await byUser.note({}, "PlaybackStart-four-tpl-json");
    await byUser.note({}, "PlaybackProgress-auto-four-all");
    await byUser.note({}, "PlaybackStop-four-form-all");
    expect(byUser.calls).toEqual([
      "start 7103",
      "of-7103 root at 100",
      `of-7103 ${DEVICE} at 101`,
      "of-7103 root left",
      `of-7103 ${DEVICE} left`,
    ]);
  });

  it("that somebody else tells of is not told twice", async () => {
    const { calls, note } = setUp({ toldElsewhere: true });
    await note();
    expect(calls).toEqual([]);
  });

  it("of a body that names no item or nobody is left to the list of sessions", () => {
    const { watching } = setUp();
    expect(watching.note(recorded("PlaybackStart-four-tpl-vars"))).toBe(false);
    expect(watching.note(recorded("PlaybackStart-four-tpl-json"))).toBe(false);
    expect(watching.note(recorded("PlaybackStart-four-all"))).toBe(true);
  });
});

describe("the list of sessions", () => {
  it("alone starts, moves and ends what webhooks did not tell", async () => {
    const { calls, watching, clock } = setUp();
    const tell = async (list: readonly JellyfinSession[]) => {
      watching.noteSessions(list, clock.nowMs());
      await turn();
      clock.advance(5000);
    };
    await tell(sessions(() => ({})));
    await tell(
      sessions(({ PlayState }) => ({
        LastPlaybackCheckIn: "later",
        PlayState: { ...PlayState, IsPaused: true },
      })),
    );
    await tell(sessions(() => ({ NowPlayingItem: undefined })));
    expect(calls.map((call) => call.replace(/ TW\S+/, " viewer"))).toEqual([
      "start movi",
      "of-movi viewer at 77.517821",
      "of-movi viewer at 77.517821 paused",
      "of-movi viewer left",
    ]);
  });

  it("names the item's first version: the file of another one is looked up", async () => {
    const { calls, watching, clock } = setUp();
    const other = "f".repeat(32);
    const list = sessions(({ PlayState }) => ({
      PlayState: { ...PlayState, MediaSourceId: other },
    }));
    watching.noteSessions(list, clock.nowMs());
    await turn();
    // The finder's answer, by the item's id.
    expect(calls[0]).toBe("start a7f5");
    expect(watching.current()[0]?.sighting).toMatchObject({
      mediaSourceId: other,
      path: "/media/a7f534695290b50e2ce319b2f42a62e0.mkv",
    });
  });

  // The file's sounds are 1, a commentary, and 2, its own: Jellyfin's list shows no difference.
  it.each<[string, number | undefined, number, boolean]>([
    ["the film's own sound, which is not its first", 3, -1, false],
    ["no sound that the client names", undefined, -1, false],
    ["the commentary before it", 2, -1, true],
    ["the sound of a file beside it", 0, -1, true],
    ["subtitles", 3, 4, true],
  ])("tells whether %s is lost in a stream with one sound", (_, audio, subtitle, isLost) => {
    const { watching, clock } = setUp();
    const streams = [
      { Type: "Audio", Index: 0, IsExternal: true, IsDefault: true },
      { Type: "Video", Index: 1 },
      { Type: "Audio", Index: 2 },
      { Type: "Audio", Index: 3 },
      { Type: "Subtitle", Index: 4 },
    ];
    const list = sessions(({ NowPlayingItem: item, PlayState }) => ({
      ...(item ? { NowPlayingItem: { ...item, MediaStreams: streams } } : {}),
      PlayState: { ...PlayState, AudioStreamIndex: audio, SubtitleStreamIndex: subtitle },
    }));
    watching.noteSessions(list, clock.nowMs());
    const chosen = watching.current()[0]?.sighting.chosen;
    expect(chosen && isLostIn(2, chosen)).toBe(isLost);
  });

  it("that was asked for before a Start does not end it", async () => {
    const { calls, watching, clock, note } = setUp();
    const askedAtMs = clock.nowMs();
    clock.advance(100);
    await note();
    watching.noteSessions([], askedAtMs);
    expect(calls.at(-1)).not.toContain("left");
    clock.advance(2001);
    watching.noteSessions([], clock.nowMs());
    expect(calls.at(-1)).toBe(`of-7103 ${DEVICE} left`);
  });

  it("that was asked for before a Stop does not start it again", async () => {
    const { calls, watching, clock, note } = setUp();
    const list = sessions(() => ({ DeviceId: DEVICE }));
    watching.noteSessions(list, clock.nowMs());
    await turn();
    const askedAtMs = clock.nowMs();
    await note({ itemId: list[0]?.NowPlayingItem?.Id }, "PlaybackStop-four-all");
    watching.noteSessions(list, askedAtMs);
    await turn();
    expect(calls.filter((call) => call.startsWith("start"))).toHaveLength(1);
    clock.advance(5000);
    watching.noteSessions(list, clock.nowMs());
    await turn();
    expect(calls.filter((call) => call.startsWith("start"))).toHaveLength(2);
  });

  it("shows a vanished client by reports that come no more", async () => {
    const { calls, watching, clock } = setUp();
    for (let second = 0; second <= 70; second += 5) {
      watching.noteSessions(
        sessions(({ PlayState }) => ({ PlayState: { ...PlayState, PositionTicks: second * 1e7 } })),
        clock.nowMs(),
      );
      await turn();
      clock.advance(5000);
    }
    expect(calls.at(-1)).toContain("left");
  });
});
