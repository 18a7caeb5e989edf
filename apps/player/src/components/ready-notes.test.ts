import type { StreamState } from "@upreel/core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  createReadyTeller,
  readyNotes,
  recallReadyNotes,
  toggleReadyNotes,
} from "./ready-notes.ts";

let shown: string[] = [];
let asked = 0;
/** A browser whose viewer answers so. */
function stubBrowser(answer: NotificationPermission, isSecure = true) {
  shown = [];
  asked = 0;
  const kept = new Map<string, string>();
  class Note {
    static permission: NotificationPermission = "default";
    static async requestPermission() {
      asked += 1;
      Note.permission = answer;
      return answer;
    }
    constructor(title: string) {
      shown.push(title);
    }
    addEventListener(): void {}
  }
  vi.stubGlobal("Notification", Note);
  vi.stubGlobal("isSecureContext", isSecure);
  vi.stubGlobal("document", { documentElement: { dataset: {} } });
  vi.stubGlobal("location", { href: "http://upreel/" });
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
}
beforeEach(() => stubBrowser("granted"));
afterEach(() => void vi.unstubAllGlobals());

const film = (id: string, state: StreamState) => ({ id, title: `Film ${id}`, state });

it("tells of films that become ready, once each, and of none that were", async () => {
  recallReadyNotes();
  const tell = createReadyTeller();
  tell(film("a", "running"));
  tell(film("a", "complete"));
  expect([shown, asked]).toEqual([[], 0]);
  await toggleReadyNotes();
  expect([readyNotes.value, asked]).toEqual(["on", 1]);
  tell(film("b", "complete"));
  tell(film("c", "running"));
  tell(film("c", "complete"));
  tell(film("c", "complete"));
  expect(shown).toEqual(["Film c is ready"]);
  // The next page of this browser asks nobody again.
  recallReadyNotes();
  expect([readyNotes.value, asked]).toEqual(["on", 1]);
  await toggleReadyNotes();
  tell(film("d", "running"));
  tell(film("d", "complete"));
  expect([readyNotes.value, shown.length]).toEqual(["off", 1]);
});

it("says where a browser shows none, and where it was told not to", async () => {
  stubBrowser("granted", false);
  recallReadyNotes();
  await toggleReadyNotes();
  expect([readyNotes.value, asked]).toEqual(["unavailable", 0]);
  stubBrowser("denied");
  recallReadyNotes();
  await toggleReadyNotes();
  expect(readyNotes.value).toBe("denied");
});
