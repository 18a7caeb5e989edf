import { recordedWebhooks } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import { readNotification } from "./notification.ts";
import { readWebhookBody } from "./read-body.ts";

const ETE = "eb98cfb87c5219a7fb0829fa56ca23f4";
const FOUR = "7103a09210f6cce9754c3083fa5f7849";
const NATURAL = "742a2d7b1a8c9888f97ba58d25387b1f";

const read = (name: string) => {
  const webhook = recordedWebhooks().find((recorded) => recorded.name === name);
  return readNotification(readWebhookBody(webhook?.body ?? "", webhook?.headers["Content-Type"]));
};

const KINDS: Readonly<Record<string, string>> = {
  PlaybackStart: "start",
  PlaybackProgress: "progress",
  PlaybackStop: "stop",
  ItemAdded: "added",
  UserDataSaved: "other",
  SessionStart: "other",
};

describe("the webhooks that the real plugin sent", () => {
  it.each(recordedWebhooks().map(({ name, headers, body }) => ({ name, headers, body })))(
    "$name is understood",
    ({ name, headers, body }) => {
      const type = name.split("-")[0] ?? "";
      const notification = readNotification(readWebhookBody(body, headers["Content-Type"]));
      expect(notification?.kind).toBe(KINDS[type]);
      if (notification?.kind === "other") return;
      const hasItem = !/tpl-(vars|leak)$/.test(name);
      const itemId = name.includes("ete") ? ETE : name.includes("natural") ? NATURAL : FOUR;
      expect(notification?.itemId).toBe(hasItem ? itemId : undefined);
    },
  );

  it("with all properties tell who plays what and where", () => {
    const common = {
      itemId: FOUR,
      mediaSourceId: FOUR,
      title: "Clip Four (2004)",
      sessionId: "ea7add84fe5d3afcd1cd1e2c8910092a",
      deviceId: "hookdev1",
      device: "Chrome",
      client: "Jellyfin Web",
      userId: "80ec06339f7246479c632c8aa8982a98",
      userName: "root",
      path: undefined,
      seriesId: undefined,
      isInvented: false,
    };
    for (const way of ["all", "all-ct", "form-all"]) {
      expect(read(`PlaybackStart-four-${way}`)).toEqual({
        ...common,
        kind: "start",
        positionSeconds: 100,
        isPaused: false,
        isAutomated: false,
      });
      expect(read(`PlaybackProgress-auto-four-${way}`)).toMatchObject({
        positionSeconds: 101,
        isAutomated: true,
      });
      expect(read(`PlaybackProgress-paused-four-${way}`)).toMatchObject({
        positionSeconds: 109,
        isPaused: true,
      });
      expect(read(`PlaybackStop-four-${way}`)).toMatchObject({
        kind: "stop",
        positionSeconds: 115,
      });
    }
  });

  it("by template tell what the template holds", () => {
    for (const way of ["tpl-json", "tpl-plain", "form"])
      expect(read(`PlaybackStop-four-${way}`)).toMatchObject({
        kind: "stop",
        itemId: FOUR,
        userName: "root",
        positionSeconds: 115,
        sessionId: undefined,
      });
    expect(read("PlaybackProgress-paused-four-tpl-vars")).toMatchObject({
      itemId: undefined,
      device: "Chrome",
      isPaused: true,
      positionSeconds: 109,
    });
  });

  it("give the title as people write it", () => {
    for (const way of ["all", "form-all", "form", "tpl-json", "tpl-vars"])
      expect(read(`PlaybackStart-ete-${way}`)).toMatchObject({ title: 'L’été "A" (2005)' });
  });
});

describe("a Stop", () => {
  const stop = (lastReport: string) =>
    readNotification({
      NotificationType: "PlaybackStop",
      ItemId: FOUR,
      UtcTimestamp: "2026-11-21T01:18:43.5224624Z",
      LastPlaybackCheckIn: lastReport,
      PlayedToCompletion: true,
    });
  it("that the server made up minutes after the client vanished is recognised", () => {
    expect(stop("2026-11-21T01:09:41.9969626Z")).toMatchObject({ isInvented: true });
    expect(stop("2026-11-21T01:18:41.9969626Z")).toMatchObject({ isInvented: false });
    expect(stop("")).toMatchObject({ isInvented: false });
  });
});
