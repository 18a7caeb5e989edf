import { expect, it } from "vitest";
import { readClientIdentity } from "./client-identity.ts";

it.each([
  [
    'MediaBrowser Client="Jellyfin%20Web", Device="Chrome", DeviceId="TW96", Version="12.0.0", Token="0"',
    { client: "Jellyfin Web", deviceId: "TW96" },
  ],
  ['Emby UserId="1", Client="mpv-shim", DeviceId="a b"', { client: "mpv-shim", deviceId: "a b" }],
  ['MediaBrowser Client="100% TV", DeviceId="x"', { client: "100% TV", deviceId: "x" }],
  ["MediaBrowser Client=Kodi, DeviceId=a-1, Token=x", { client: "Kodi", deviceId: "a-1" }],
  ["Bearer abc", { client: undefined, deviceId: undefined }],
  [undefined, { client: undefined, deviceId: undefined }],
])("who %j is", (header, identity) => {
  expect(readClientIdentity(header)).toEqual(identity);
});
