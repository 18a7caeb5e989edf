import type { Content, Profile, Provider } from "@upreel/core";
import type { ExportFormat } from "@upreel/media";
import type { OnStop } from "@upreel/streams";

/** So much used of the disk, or so many bytes left free. */
export type Watermark =
  | { readonly kind: "used"; readonly share: number }
  | { readonly kind: "free"; readonly bytes: number };

/** The settings of the engine. Paths are absolute, times and sizes carry their unit. */
export interface EngineSettings {
  readonly dataDir: string;
  /** This gateway's own part of it, where several share it; else the same. */
  readonly ownDir: string;
  readonly model: string;
  /** undefined: looked at. */
  readonly content: Content | undefined;
  /** 0 (faithful) to 1 (crisp): which built-in networks `auto` takes. */
  readonly sharpness: number;
  /** Whether faces are restored, and how much of that is taken, 0 to 1. */
  readonly faces: { readonly isOn: boolean; readonly strength: number };
  readonly modelFor: Readonly<Record<Content, string | undefined>>;
  /** In the order that is wanted. */
  readonly providers: readonly Provider[];
  /** Speed decides between the providers, not their order. */
  readonly choosesProviderBySpeed: boolean;
  /** Working memory of one inference thread. */
  readonly tileBytes: number;
  /** Manifests of the Vulkan drivers to use in place of the system's: VK_DRIVER_FILES. */
  readonly vulkanDrivers?: readonly string[] | undefined;
  /** A watched stream steps down to faster models rather than stall. */
  readonly keepsUp: boolean;
  readonly scale: Profile["scale"];
  /** Lines of the screen that films are made for; undefined: what this machine can. */
  readonly targetHeight: number | undefined;
  readonly quality: number;
  readonly videoEncoder: Profile["encoder"];
  readonly maxOutputHeight: number;
  /** Of this machine's processor by others, from which it counts as in use; 0 to 1. */
  readonly inUseShare: number;
  readonly maxStreams: number;
  /** `only`: films are made by other machines alone. */
  readonly farm: "on" | "only";
  readonly maxQueued: number;
  readonly plansAtATime: number;
  /** A film that was being written and has not grown for so long is whole. */
  readonly growthTimeoutMs: number;
  readonly remakes: boolean;
  readonly onStop: OnStop;
  /** Inference threads of one run; 0: one for each core and one more. */
  readonly threads: number;
  readonly segmentSeconds: number;
  readonly listSize: number;
  readonly modelsDir: string;
  readonly modelsQuotaBytes: number;
  readonly diskHigh: Watermark;
  readonly diskLow: Watermark;
  readonly retentionMs: number;
  /** Bytes that finished films may take together. */
  readonly archiveQuotaBytes: number | undefined;
  readonly exportFormat: "off" | ExportFormat;
  /** Absolute, or `source`: beside the source. */
  readonly exportDir: string;
  readonly ffmpeg: string;
  readonly ffprobe: string;
}
