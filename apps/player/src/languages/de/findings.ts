import type { FindingCode } from "@upreel/core";
import { germanFilmFolderFindings } from "./film-folder-findings.ts";
import { germanModelFindings } from "./model-findings.ts";
import { germanTold } from "./told.ts";

const KEY =
  "Lege in Jellyfin unter Übersicht, API-Schlüssel einen Schlüssel an und setze JELLYFIN_API_KEY";
const CONTAINER_DRI =
  "Gib dem Container die GPU: `devices: [/dev/dri]` und die Gruppe render des Rechners (`group_add`) in compose.yaml";
const CONTAINER_NVIDIA =
  "Gib dem Container die GPU: installiere nvidia-container-toolkit auf dem Rechner, dann `docker run --gpus all …`";
const INSTALL_CUDA =
  "`ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js`";
const USED = "etwa {fps} Bilder/s bei 640×360 mit dem Modell „{model}“";
const NO_DEVICE = "nicht gefunden: Vulkan hat kein Gerät, das WebGPU nutzen kann";

/** What the doctor says, in German. */
export const germanFindings: Readonly<
  Record<FindingCode, { readonly message: string; readonly fix?: string }>
> = {
  node_works: { message: "Node {version}, {cores} Kerne" },
  node_old: {
    message: "Node {version} ist zu alt für TypeScript",
    fix: "Starte mit `npm start`: Das bringt sein eigenes Node mit",
  },
  ffmpeg_works: { message: "ffmpeg {ffmpeg}, ffprobe {ffprobe}" },
  ffmpeg_missing: {
    message: "{reason}",
    fix: "`apt-get install ffmpeg`, oder setze FFMPEG und FFPROBE auf ihre Pfade",
  },
  encoders_work: { message: "funktionieren: {encoders}" },
  encoder_wanted: {
    message: "VIDEO_ENCODER={wanted} funktioniert hier nicht; es funktionieren: {encoders}",
    fix: "`VIDEO_ENCODER=auto`",
  },
  encoders_missing: {
    message: "{reason}",
    fix: "Installiere ein ffmpeg mit libx264 (das von Debian hat es)",
  },
  hdr_on_gpu: { message: "HDR-Filme werden auf der GPU zu SDR: {reason}" },
  hdr_on_processor: { message: "HDR-Filme werden auf dem Prozessor zu SDR: {reason}" },
  ...germanModelFindings,
  disk_free: { message: "{free} GB frei in {folder}" },
  disk_small: {
    message: "{free} GB frei in {folder}",
    fix: "`upreel clean`, oder setze DATA_DIR auf eine größere Festplatte",
  },
  disk_broken: {
    message: "{reason}",
    fix: "Setze DATA_DIR auf einen Ordner, in den dieser Benutzer schreiben darf",
  },
  server_works: { message: "Valkey oder Redis {version} antwortet" },
  server_old: {
    message: "FARM_URL: Der Server hat die Version {version}",
    fix: "Installiere Valkey oder Redis ab Version 7",
  },
  server_forgets: {
    message: "FARM_URL: Der Server wirft Daten weg, wenn sein Speicher voll ist ({policy})",
    fix: "Setze `maxmemory-policy noeviction` auf dem Server",
  },
  server_away: {
    message: "FARM_URL: {reason}",
    fix: "Starte den Server und prüfe Adresse, Benutzer und Passwort in FARM_URL",
  },
  ...germanFilmFolderFindings,
  runtime_works: { message: "funktioniert; kann nutzen: {backends}" },
  runtime_broken: { message: "ONNX Runtime lässt sich nicht laden: {reason}", fix: "`npm ci`" },
  runtime_hangs: {
    message: "ONNX Runtime war nach {seconds} s noch nicht geladen",
    fix: "Prüfe erneut, wenn dieser Rechner weniger zu tun hat; wenn das nicht hilft: `npm ci`",
  },
  providers_interrupted: {
    message: "Die Prüfung wurde unterbrochen: {reason}",
    fix: "Prüfe erneut",
  },
  provider_used: { message: `in Gebrauch, ${USED}` },
  provider_slower: {
    message: `funktioniert, ${USED}; nicht in Gebrauch, weil {other} schneller ist`,
  },
  provider_later: {
    message: `funktioniert, ${USED}; nicht in Gebrauch, weil {other} in PROVIDERS vorher kommt`,
  },
  provider_unchecked: { message: "wurde nicht geprüft", fix: "Prüfe erneut" },
  provider_elsewhere: { message: "gibt es nur unter {system}" },
  nvidia_none: { message: "keine NVIDIA-GPU gefunden" },
  nvidia_not_in_container: {
    message: "in diesem Container ist keine NVIDIA-GPU (kein /dev/nvidia*)",
    fix: CONTAINER_NVIDIA,
  },
  libcuda_not_in_container: {
    message: "NVIDIAs Treiberbibliothek libcuda.so.1 ist nicht in diesem Container",
    fix: CONTAINER_NVIDIA,
  },
  libcuda_missing: {
    message: "NVIDIAs Treiberbibliothek libcuda.so.1 fehlt",
    fix: "Installiere NVIDIAs Treiber (Debian: `apt-get install nvidia-driver libcuda1`)",
  },
  nvidia_closed: {
    message: "Dieser Benutzer darf {device} nicht öffnen",
    fix: "`sudo chmod a+rw {device}`",
  },
  runtime_without: { message: "ONNX Runtime kam ohne {library}", fix: INSTALL_CUDA },
  runtime_library: {
    message: "Die Bibliothek von ONNX Runtime für {provider} lässt sich nicht laden ({reason})",
    fix: `${INSTALL_CUDA}; nötig sind CUDA 12 und cuDNN 9 (Debian: \`apt-get install libcudnn9-cuda-12\`)`,
  },
  runtime_tensorrt: {
    message: "Die Bibliothek von ONNX Runtime für {provider} lässt sich nicht laden ({reason})",
    fix: `${INSTALL_CUDA}; nötig sind CUDA 12, cuDNN 9 (Debian: \`apt-get install libcudnn9-cuda-12\`) und TensorRT 10`,
  },
  vulkan_missing: {
    message: "GPU von {vendors} gefunden, aber kein Vulkan-Treiber",
    fix: "`apt-get install mesa-vulkan-drivers` (AMD, Intel) oder NVIDIAs eigener Treiber (nvidia-vulkan-icd)",
  },
  gpu_not_in_container: {
    message: "nicht gefunden: In diesem Container sind weder GPU noch Vulkan-Treiber",
    fix: CONTAINER_DRI,
  },
  gpu_none: {
    message: "nicht gefunden: weder eine GPU (/dev/dri ist leer) noch ein Vulkan-Treiber",
    fix: "Mit einer GPU: ihr Kernel-Treiber, und `apt-get install mesa-vulkan-drivers`",
  },
  gpu_closed: {
    message: "Dieser Benutzer darf {device} nicht öffnen",
    fix: "`sudo usermod -aG render $USER`, dann neu anmelden",
  },
  webgpu_none_in_container: { message: NO_DEVICE, fix: CONTAINER_DRI },
  webgpu_none: {
    message: NO_DEVICE,
    fix: "Installiere den Treiber der GPU; ohne GPU ist nichts zu tun",
  },
  webgpu_old: { message: NO_DEVICE, fix: "Aktualisiere den Vulkan-Treiber der GPU" },
  provider_died: {
    message: "{reason}",
    fix: "Aktualisiere den Treiber der GPU, oder lass {provider} in PROVIDERS weg",
  },
  provider_memory: {
    message: "{reason}",
    fix: "Schaffe Platz im Speicher der GPU, oder senke TILE_MEMORY",
  },
  provider_refused: {
    message: "{reason}",
    fix: "Nichts ist zu tun: Etwas anderes wird verwendet. Ohne {provider} in PROVIDERS erscheint das hier nicht mehr",
  },
  jellyfin_off: { message: "nicht eingerichtet; dazu JELLYFIN_URL=http://<server>:8096 setzen" },
  jellyfin_no_key: {
    message:
      "kein API-Schlüssel: Upreel kann weder nachsehen, was ein Webhook meint, noch Player umschalten",
    fix: KEY,
  },
  jellyfin_key: {
    message: "Der API-Schlüssel funktioniert; {playing} von {sessions} Sitzungen spielen gerade",
  },
  jellyfin_key_refused: { message: "{reason}", fix: KEY },
  jellyfin_version: { message: "{name} unter {url} hat die Version {version}" },
  jellyfin_old: {
    message:
      "{name} unter {url} hat die Version {version}; Upreel ist mit 10.10 und neuer getestet",
    fix: "Aktualisiere Jellyfin",
  },
  jellyfin_away: { message: "{reason}", fix: "Prüfe JELLYFIN_URL, und ob Jellyfin läuft" },
  jellyfin_segments: { message: "Jellyfin speichert Intros (MediaSegments API {version})" },
  jellyfin_segments_fail: { message: "{reason}", fix: "Prüfe Jellyfins Plugin MediaSegments API" },
  jellyfin_no_segments: { message: "Nur der Proxy zeigt Intros; MediaSegments API fehlt" },
  library_same: { message: "{path} ist hier unter demselben Namen lesbar" },
  library_mapped: { message: "{path} ist hier als {here} lesbar" },
  library_unreadable: {
    message: "{path}: {reason}",
    fix: "Mach den Ordner hier sichtbar, nenne ihn in MEDIA_ROOTS, und setze PATH_MAP=/ordner/in/jellyfin=/ordner/hier, wenn die Namen verschieden sind",
  },
  strm_address: { message: "braucht PUBLIC_URL", fix: "`PUBLIC_URL=http://<dieser Rechner>:5000`" },
  strm_source: {
    message:
      "Hochskalierte Filme erscheinen als Versionen der Filme, wo deren Ordner beschreibbar sind",
  },
  strm_no_library: {
    message: "Keine Bibliothek von Jellyfin hat den Ordner {folder}",
    fix: "Füge ihn in Jellyfin als Bibliothek „Upscaled“ vom Typ Filme hinzu; setze PATH_MAP, wenn Jellyfin ihn anderswo sieht",
  },
  strm_library: { message: "{folder} ist Jellyfins Bibliothek {library}" },
  strm_read_only: { message: "{reason}", fix: "Mach {folder} beschreibbar" },
  held_up_by_source: { message: `{title}: ${germanTold.held_up_source}` },
  held_up_by_decode: { message: `{title}: ${germanTold.held_up_decode}` },
  held_up_by_network: { message: `{title}: ${germanTold.held_up_network}` },
  held_up_by_encode: { message: `{title}: ${germanTold.held_up_encode}` },
  held_up_by_disk: { message: `{title}: ${germanTold.held_up_disk}` },
  held_up_by_encoder: {
    message:
      "{title}: Das Kodieren hält auf; VIDEO_ENCODER={encoder} funktioniert auf diesem Computer und würde helfen",
  },
};
