import { UpreelError } from "@upreel/core";
import { mutations, recordedWebhooks } from "@upreel/testkit";
import { expect, it } from "vitest";
import { readNotification, readTitle } from "./notification.ts";
import { readWebhookBody } from "./read-body.ts";

/** What is refused is refused in our words. */
function read(body: string, contentType?: string): void {
  try {
    const fields = readWebhookBody(body, contentType);
    readTitle(fields);
    const notification = readNotification(fields);
    if (notification === undefined || !("positionSeconds" in notification)) return;
    const { positionSeconds } = notification;
    if (positionSeconds !== undefined) expect(Number.isFinite(positionSeconds)).toBe(true);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(UpreelError);
    expect(thrown).toMatchObject({ code: "bad_request" });
  }
}

const OF_EACH_KIND = recordedWebhooks().filter(({ name }) =>
  /^(PlaybackStart|PlaybackProgress|PlaybackStop|ItemAdded|UserDataSaved)-\w+-(all|tpl-json)$/.test(
    name,
  ),
);

it("a body with any field gone or odd is understood, or refused in our words", () => {
  expect(OF_EACH_KIND.length).toBeGreaterThan(5);
  for (const { body } of OF_EACH_KIND)
    for (const odd of mutations(readWebhookBody(body, undefined))) read(JSON.stringify(odd));
});

it("and so is one that ends in the middle, or has a foreign byte anywhere", () => {
  for (const { body, headers } of recordedWebhooks())
    for (let at = 0; at < body.length; at += 37) {
      read(body.slice(0, at), headers["Content-Type"]);
      read(`${body.slice(0, at)}\u0000"\\&${body.slice(at)}`, headers["Content-Type"]);
    }
});

it("a form of more fields than any webhook has is refused before it is read", () => {
  const form = (count: number): string =>
    Array.from({ length: count }, (_, n) => `field${n}=1`).join("&");
  expect(Object.keys(readWebhookBody(form(1_000), undefined))).toHaveLength(1_000);
  expect(() => readWebhookBody(form(1_001), undefined)).toThrow("too many fields");
});
