import { execa } from "execa";
import { generatedInput } from "../ffmpeg/media-input.ts";

/** A Vulkan device as ffmpeg lists it. */
export interface VulkanDevice {
  /** Its place in that list. */
  readonly index: number;
  readonly name: string;
  /** What its driver calls it: `discrete`, `integrated`, `virtual`, `software`, `unknown`. */
  readonly kind: string;
}

const LONGEST_LIST_MS = 15_000;
const DEVICE = /^\s*(\d+): (.+) \((\w+)\) \(0x[0-9a-f]+\)$/gm;
/** Those of Mesa and of Chromium; some call themselves something else than `software`. */
const SOFTWARE_NAMES = /llvmpipe|lavapipe|swiftshader|softpipe/i;
/** What is most likely the fastest first. */
const KINDS = ["discrete", "integrated", "virtual", "unknown"];

/** The devices that ffmpeg can give its filters; none where it has no Vulkan, or the machine has no driver. */
export async function listVulkanDevices(
  ffmpeg: string,
  signal: AbortSignal,
): Promise<readonly VulkanDevice[]> {
  const args = [
    ...["-nostdin", "-hide_banner", "-loglevel", "verbose", "-init_hw_device", "vulkan"],
    ...[...generatedInput("nullsrc=s=16x16:d=0.04"), "-f", "null", "-"],
  ];
  const { stderr } = await execa(ffmpeg, args, {
    ...{ cancelSignal: signal, timeout: LONGEST_LIST_MS, stdin: "ignore", reject: false },
    forceKillAfterDelay: 100,
  });
  signal.throwIfAborted();
  return parseVulkanDevices(stderr);
}

/** Of what ffmpeg says at `-loglevel verbose` when it opens one of them. */
export function parseVulkanDevices(text: string): readonly VulkanDevice[] {
  const plain = text.replace(/^\[[^\]]*\] ?/gm, "");
  return [...plain.matchAll(DEVICE)].map(([, index = "0", name = "", kind = ""]) => ({
    ...{ index: Number(index), name, kind },
  }));
}

/** A driver that computes on the processor: slower than the processor's own way, however fast it seems. */
export const isSoftwareDevice = ({ name, kind }: VulkanDevice): boolean =>
  kind === "software" || SOFTWARE_NAMES.test(name);

/** The device that is worth a trial; undefined: there is none. */
export const bestDevice = (devices: readonly VulkanDevice[]): VulkanDevice | undefined =>
  devices
    .filter((device) => !isSoftwareDevice(device))
    .toSorted((a, b) => rank(a) - rank(b) || a.index - b.index)[0];

function rank({ kind }: VulkanDevice): number {
  const at = KINDS.indexOf(kind);
  return at < 0 ? KINDS.length : at;
}
