import { createHash } from "node:crypto";
import { sendBody, sendJson, sendStatus } from "./answer.ts";
import type { FakeItem } from "./catalogue.ts";
import type { FakeCall } from "./fake-call.ts";

/** A PNG of an item's. */
export interface FakeImage {
  readonly type: string;
  bytes: Buffer;
}

const tagOf = ({ bytes }: FakeImage): string => createHash("md5").update(bytes).digest("hex");
const ofType = (item: FakeItem, type: string): FakeImage[] =>
  item.images.filter((image) => image.type === type);

/** An item's `ImageTags`: one for each type of picture. Backdrops, of which there may be several, are not among them. */
export const imageTags = (item: FakeItem): Record<string, string> =>
  Object.fromEntries(
    item.images
      .filter(({ type }) => type !== "Backdrop")
      .map((image) => [image.type, tagOf(image)]),
  );

export function sendImages(call: FakeCall, item: FakeItem | undefined): void {
  if (item === undefined) return sendStatus(call.response, 404);
  const infos = item.images.map((image) => ({
    ImageType: image.type,
    // Of what an item has once there is no index.
    ImageIndex: image.type === "Backdrop" ? ofType(item, image.type).indexOf(image) : null,
    ImageTag: tagOf(image),
    Path: `/config/metadata/library/${item.id}/${image.type.toLowerCase()}.png`,
    BlurHash: null,
    Width: image.bytes.readUInt32BE(16),
    Height: image.bytes.readUInt32BE(20),
    Size: image.bytes.length,
  }));
  sendJson(call.request, call.response, infos);
}

const imageAt = (call: FakeCall, item: FakeItem | undefined): FakeImage | undefined =>
  item && ofType(item, call.captured[1] ?? "")[Number(call.captured[2] ?? 0)];

export function sendImage(call: FakeCall, item: FakeItem | undefined): void {
  const image = imageAt(call, item);
  if (image === undefined) return sendStatus(call.response, 404);
  sendBody(call.request, call.response, image.bytes, "image/png");
}

/** The body is text in base64, as the server has it; backdrops are put behind each other, whatever index is named. */
export function takeImage(call: FakeCall, item: FakeItem | undefined): void {
  const type = call.captured[1] ?? "";
  const bytes = Buffer.from(call.body, "base64");
  const isImage = call.request.headers["content-type"]?.startsWith("image/") === true;
  if (item === undefined || !isImage || bytes.length === 0) return sendStatus(call.response, 400);
  const [known] = ofType(item, type);
  if (known !== undefined && type !== "Backdrop") known.bytes = bytes;
  else item.images.push({ type, bytes });
  sendStatus(call.response, 204);
}

/** Changes places with the one at `newIndex`. */
export function moveImage(call: FakeCall, item: FakeItem | undefined): void {
  const image = imageAt(call, item);
  const other = item && ofType(item, image?.type ?? "")[Number(call.query.get("newIndex"))];
  if (image === undefined || other === undefined) return sendStatus(call.response, 404);
  [image.bytes, other.bytes] = [other.bytes, image.bytes];
  sendStatus(call.response, 204);
}

export function deleteImage(call: FakeCall, item: FakeItem | undefined): void {
  const image = imageAt(call, item);
  if (item === undefined || image === undefined) return sendStatus(call.response, 404);
  item.images.splice(item.images.indexOf(image), 1);
  sendStatus(call.response, 204);
}
