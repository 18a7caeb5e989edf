import { signal } from "@preact/signals";
import { expect, it } from "vitest";
import { createCast } from "./cast.ts";

/** A video element of a browser that knows other screens, or of one that does not. */
class FakeVideo extends EventTarget {
  currentTime = 0;
  src = "";
  setAttribute(): void {}
  removeAttribute(): void {}
  load(): void {}
  play(): Promise<void> {
    this.dispatchEvent(new Event("play"));
    return Promise.resolve();
  }
  pause(): void {
    this.dispatchEvent(new Event("pause"));
  }
}
class FakeRemote extends EventTarget {
  tell: (is: boolean) => void = () => {};
  watchAvailability(tell: (is: boolean) => void): Promise<number> {
    this.tell = tell;
    return Promise.resolve(1);
  }
}

function castOf(video: FakeVideo) {
  const done: string[] = [];
  const player = {
    ...{ position: signal(40), wantsToPlay: signal(true) },
    pause: () => done.push("pause"),
    play: () => done.push("play"),
    seek: (seconds: number) => done.push(`seek ${seconds}`),
  };
  const parts = { url: "http://nas/hls/one/master.m3u8", signal: new AbortController().signal };
  const cast = createCast({ ...parts, player, video: video as unknown as HTMLVideoElement });
  return { cast, done };
}

it("a film goes to another screen where it is, and comes back from where it was there", () => {
  const remote = new FakeRemote();
  const video = Object.assign(new FakeVideo(), { remote });
  const { cast, done } = castOf(video);
  expect(cast.isAvailable.value).toBe(false);
  remote.tell(true);
  expect(cast.isAvailable.value).toBe(true);
  remote.dispatchEvent(new Event("connect"));
  expect([cast.isConnected.value, cast.isPlaying.value, video.currentTime]).toEqual([
    ...[true, true, 40],
  ]);
  cast.seekBy(10);
  remote.dispatchEvent(new Event("disconnect"));
  expect(cast.isConnected.value).toBe(false);
  expect(done).toEqual(["pause", "seek 50", "play"]);
});

it("what was paused there is not begun here", () => {
  const remote = new FakeRemote();
  const { cast, done } = castOf(Object.assign(new FakeVideo(), { remote }));
  remote.dispatchEvent(new Event("connect"));
  cast.toggle();
  remote.dispatchEvent(new Event("disconnect"));
  expect(done).toEqual(["pause", "seek 40"]);
});

it("AirPlay of older WebKits is found by their own names", () => {
  const video = Object.assign(new FakeVideo(), {
    webkitShowPlaybackTargetPicker: () => {},
    webkitCurrentPlaybackTargetIsWireless: true,
  });
  const { cast } = castOf(video);
  const found = new Event("webkitplaybacktargetavailabilitychanged");
  video.dispatchEvent(Object.assign(found, { availability: "available" }));
  expect(cast.isAvailable.value).toBe(true);
  video.dispatchEvent(new Event("webkitcurrentplaybacktargetiswirelesschanged"));
  expect(cast.isConnected.value).toBe(true);
});

it("a browser that knows no screens offers none", () => {
  const { cast } = castOf(new FakeVideo());
  expect(cast.isAvailable.value).toBe(false);
});
