import { UpreelError } from "@upreel/core";
import { expect, it } from "vitest";
import { describeThrown } from "./describe-thrown.ts";
import { createLogFeed } from "./log-feed.ts";
import { createLog } from "./log.ts";

it("the feed holds the newest lines, with meta and causes in words", () => {
  const feed = createLogFeed(2);
  const log = createLog({ level: "info", isTerminal: false, feed, toStderr: true });
  log.info("dropped");
  log.debug("below the level");
  log.warn("again", { message: "kept apart", code: 5 });
  log.error("failed", {
    error: new UpreelError("disk_full", "no space", { got: "0 B", cause: new Error("ENOSPC") }),
  });
  expect(feed.recent().map(({ level, message }) => `${level} ${message}`)).toEqual([
    "warn again message_=kept apart code=5",
    "error failed error=disk_full: no space; got 0 B ← Error: ENOSPC",
  ]);
});

it("an unsubscribed listener hears nothing more", () => {
  const feed = createLogFeed();
  const heard: string[] = [];
  const unsubscribe = feed.subscribe(({ message }) => heard.push(message));
  feed.push({ time: "", level: "info", message: "one" });
  unsubscribe();
  feed.push({ time: "", level: "info", message: "two" });
  expect(heard).toEqual(["one"]);
});

it("an error that is its own cause ends", () => {
  const error = new Error("loop");
  error.cause = error;
  expect(describeThrown(error, false)).toMatch(/^Error: loop( ← Error: loop){4}$/);
});
