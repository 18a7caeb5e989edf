/** Models, and what the doctor found, in English. */
export const englishSystem = {
  models: {
    title: "Models",
    /** In place of the gateway's own names; those are English. */
    names: {} as Readonly<Record<string, string>>,
    /** The same of what models are good at, part by part. */
    uses: {} as Readonly<Record<string, string>>,
    /** What models run on, in a sentence. */
    providers: {
      cpu: "the processor",
      webgpu: "the graphics card (WebGPU)",
      cuda: "the graphics card (CUDA)",
      tensorrt: "the graphics card (TensorRT)",
      coreml: "Core ML",
      dml: "the graphics card (DirectML)",
    } as Readonly<Record<string, string>>,
    text: "Models are what upscales the picture. Automatic takes the best one that is fast enough for this computer.",
    auto: "Choose automatically",
    choose: "Use for new films",
    chosen: "Used for new films",
    remove: (id: string) => `Delete ${id}`,
    weights: (count: number) =>
      count < 1_000_000
        ? `${Math.round(count / 1000)} k weights`
        : `${(count / 1_000_000).toFixed(1)} M weights`,
    speed: (fps: number) =>
      `about ${fps.toFixed(fps < 10 ? 1 : 0)} frames/s at 640×360 per core here`,
    notTimed: "not measured here yet",
    groups: { here: "On this computer", available: "To download" },
    download: "Download",
    downloadFailed: "The download failed.",
    checking: "being tried out",
    measured: "Measurements",
    measure: "Measure all models",
    measureWaits: "Waiting until no film is being upscaled.",
    measuring: (done: number, total: number) => `Measuring, ${done} of ${total}`,
    provider: "Runs on",
    speedHead: "Megapixels/s per core",
    likeness: "Match with the reference",
    drop: "Drop an ONNX super-resolution model here, or choose a file",
    trying: (name: string) => `Trying out ${name}…`,
  },

  system: {
    title: "System",
    text: "What works on this computer, and how to fix what does not.",
    looking: "Checking this computer. This takes a few seconds.",
    again: "Check again",
    fix: "To fix it:",
    use: "To use it:",
    cpu: "Processor",
    cores: "Cores",
    int8: "Fast 8-bit instructions (VNNI)",
    yes: "yes",
    no: "no",
    pictures: {
      title: "Jellyfin's pictures",
      text: "Posters, backdrops and photos with fewer than 1000 pixels are upscaled, one after the other, while nobody watches. The originals are kept.",
      start: "Upscale small pictures",
      stop: "Stop",
      undo: "Put the originals back",
      counts: (done: number, lookedAt: number, failed: number) =>
        `${done} done of ${lookedAt} looked at${failed === 0 ? "" : `, ${failed} failed`}`,
      kept: (count: number) => `${count} originals are kept`,
    },
    memory: "Memory",
    disk: "Disk",
    freeOf: (free: string, total: string) => `${free} free of ${total}`,
    /** In place of the gateway's own sentences, by their codes; those are English. */
    findings: {} as Readonly<
      Record<string, { readonly message: string; readonly fix?: string } | undefined>
    >,
    verdicts: { good: "Fine", warning: "Could be better", bad: "Broken", note: "Optional" },
    workers: {
      ...{ working: "Working", idle: "Ready", away: "Away" },
      ...{ suspected: "No answer", paused: "Paused", draining: "Finishing" },
      ...{ resting: "Outside its hours", in_use: "In use by its owner" },
    },
    workerLimits: {
      streams: (count: number) => (count === 1 ? "one film at a time" : `${count} films at a time`),
      hours: (hours: string) => `only ${hours}`,
      weight: (weight: number) => `counts ${weight} times`,
      notInUse: "not while its owner uses it",
    },
    workerSpeed: (fps: number) => `${Math.round(fps)} frames/s`,
    subjects: {
      node: "Node.js",
      ffmpeg: "ffmpeg",
      encoders: "Video encoders",
      models: "Models",
      providers: "Where models run",
      disk: "Disk",
      media: "Film folders",
      runtime: "ONNX Runtime",
      cpu: "Processor",
      webgpu: "WebGPU",
      cuda: "CUDA",
      tensorrt: "TensorRT",
      coreml: "Core ML",
      dml: "DirectML",
      jellyfin: "Jellyfin",
      speed: "Films being upscaled",
    } as Readonly<Record<string, string>>,
  },
};
