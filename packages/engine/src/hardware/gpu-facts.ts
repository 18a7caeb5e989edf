import { access, constants, readdir, readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** A GPU as the system shows it. */
interface Gpu {
  /** `/dev/dri/renderD128`, `/dev/nvidia0`, or the PCI address of one without a device file. */
  readonly device: string;
  readonly vendor: string;
  /** Whether this user may open the device. */
  readonly isOpen: boolean;
}

/** What is there for networks to run on, as far as looking at files tells. */
export interface GpuFacts {
  readonly platform: NodeJS.Platform;
  readonly gpus: readonly Gpu[];
  /** Manifests of Vulkan drivers. */
  readonly vulkanDrivers: readonly string[];
  readonly hasVulkanLoader: boolean;
  /** NVIDIA's driver library. */
  readonly hasLibcuda: boolean;
  readonly nvidiaDriver: string | undefined;
  /** Files of ONNX Runtime beside its own library. */
  readonly runtimeFiles: readonly string[];
  readonly isContainer: boolean;
}

const PCI_VENDORS: Readonly<Record<string, string>> = {
  "0x10de": "NVIDIA",
  "0x1002": "AMD",
  "0x8086": "Intel",
  "0x1af4": "virtio",
};

/** `vulkanFiles`: the manifests that VK_DRIVER_FILES or VK_ICD_FILENAMES name, in place of the usual ones. */
export async function readGpuFacts(vulkanFiles: readonly string[] | undefined): Promise<GpuFacts> {
  const [gpus, vulkanDrivers, libraries, nvidiaDriver, runtimeFiles, isContainer] =
    await Promise.all([
      listGpus(),
      listVulkanDrivers(vulkanFiles),
      listLibraries(),
      readFile("/proc/driver/nvidia/version", "utf8").then(
        (text) => /Module\s+([\d.]+)/.exec(text)?.[1],
        () => undefined,
      ),
      readdir(runtimeFolder()).catch(() => []),
      isThere("/.dockerenv").then(async (is) => is || (await isThere("/run/.containerenv"))),
    ]);
  return {
    platform: process.platform,
    gpus,
    vulkanDrivers,
    hasVulkanLoader: libraries.some((name) => name.startsWith("libvulkan.so")),
    hasLibcuda: libraries.some((name) => name.startsWith("libcuda.so")),
    nvidiaDriver,
    runtimeFiles,
    isContainer,
  };
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
const isReadable = (path: string): Promise<boolean> =>
  access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );

async function listGpus(): Promise<readonly Gpu[]> {
  const names = await readdir("/dev/dri").catch(() => []);
  const rendering = names
    .filter((name) => name.startsWith("renderD"))
    .map(async (name): Promise<Gpu> => {
      const device = `/dev/dri/${name}`;
      const id = await readFile(`/sys/class/drm/${name}/device/vendor`, "utf8").catch(() => "");
      return {
        device,
        vendor: PCI_VENDORS[id.trim()] ?? "unknown",
        isOpen: await isReadable(device),
      };
    });
  const nvidia = (await readdir("/dev").catch(() => []))
    .filter((name) => /^nvidia\d+$/.test(name))
    .map(async (name): Promise<Gpu> => {
      const device = `/dev/${name}`;
      return { device, vendor: "NVIDIA", isOpen: await isReadable(device) };
    });
  return Promise.all([...rendering, ...nvidia]);
}

async function listVulkanDrivers(named: readonly string[] | undefined): Promise<string[]> {
  if (named !== undefined) {
    const found = await Promise.all(
      named.map(async (file) => ((await isThere(file)) ? [file] : [])),
    );
    return found.flat();
  }
  const folders = [
    "/etc/vulkan/icd.d",
    "/usr/share/vulkan/icd.d",
    "/usr/local/share/vulkan/icd.d",
    join(homedir(), ".local/share/vulkan/icd.d"),
  ];
  const found = folders.map(async (folder) =>
    (await readdir(folder).catch(() => []))
      .filter((name) => name.endsWith(".json"))
      .map((name) => join(folder, name)),
  );
  return (await Promise.all(found)).flat();
}

/** Names of shared libraries where Linux keeps them. */
async function listLibraries(): Promise<readonly string[]> {
  const folders = [
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
    "/usr/local/nvidia/lib64",
    "/usr/local/cuda/lib64",
    "/run/opengl-driver/lib",
  ];
  const found = folders.map((folder) => readdir(folder).catch(() => []));
  return (await Promise.all(found)).flat();
}

/** Where ONNX Runtime's libraries lie; the gateway does not load them. */
function runtimeFolder(): string {
  const upscaler = createRequire(import.meta.resolve("@upreel/upscaler"));
  const main = dirname(upscaler.resolve("onnxruntime-node/package.json"));
  return join(main, "bin", "napi-v6", process.platform, process.arch);
}
