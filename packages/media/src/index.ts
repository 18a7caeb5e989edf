export { buildTimeline } from "./build-timeline.ts";
export { probeSource, type ProbeOptions, type Probed } from "./probe-source.ts";
export type { ProbeTools } from "./probe-tools.ts";
export type { FileEnding } from "./file-ending.ts";
export { followFilm, wholeSegments } from "./growing/follow-film.ts";
export {
  outputSize,
  planOriginal,
  planOutput,
  wishForOnePass,
  type OutputRequest,
} from "./plan-output.ts";
export { decodeArguments, type DecodeRequest } from "./decode-arguments.ts";
export { SAFE_MARGIN_SECONDS } from "./decode-seek.ts";
export { encodeArguments, type EncodeRequest, type IncomingFrames } from "./encode-arguments.ts";
export {
  startFfmpeg,
  type FfmpegExit,
  type FfmpegOptions,
  type FfmpegProcess,
} from "./start-ffmpeg.ts";
export { askFileAgain, sourceUnavailable, unreadableLine } from "./source-trouble.ts";
export { decodeBeside } from "./decode-beside.ts";
export { makeFifo } from "./make-fifo.ts";
export { lowerPriority } from "./lower-priority.ts";
export { lookWhenWritten } from "./look-when-written.ts";
export { makeScratchFolder } from "./scratch-folder.ts";
export { countPictures } from "./count-pictures.ts";
export { exportFilm, type FilmToExport } from "./export/export-film.ts";
export type { NamedPart } from "./export/name-parts.ts";
export type { ExportFormat } from "./export/exportable.ts";
export { chooseEncoder, type EncoderChoice } from "./choose-encoder.ts";
export { chooseToneMapper, toneMapWay, type ToneMapperChoice } from "./hdr/choose-tone-mapper.ts";
export { toolVersions, type ToolVersion } from "./tool-versions.ts";
export { pictureArguments } from "./picture-arguments.ts";
export { thumbnailArguments } from "./thumbnail-arguments.ts";
export { writeColourTables } from "./colours/colours-at.ts";
export { startDecoder, type DecoderProcess } from "./start-decoder.ts";
export { startEncoder, type EncoderProcess } from "./sound/start-encoder.ts";
export type { SoundRequest } from "./sound/sound-grid.ts";
export {
  audioRenditionArguments,
  type AudioRenditionRequest,
} from "./audio-rendition-arguments.ts";
export {
  chooseAudioTrack,
  isAudible,
  encodeSound,
  planAudioRendition,
  planEncodedAudio,
  type AudioLayout,
} from "./plan-audio.ts";
export {
  leanArguments,
  lowerArguments,
  lowerBandwidth,
  lowerCodec,
  lowerDecoding,
  lowerFrameArguments,
  lowerQuality,
  type LowerQuality,
} from "./lower-arguments.ts";
export { findKeyFrames } from "./container-index/find-key-frames.ts";
export type { KeyFrames } from "./scan-key-frames.ts";
export {
  originalArguments,
  originalContainer,
  type OriginalContainer,
} from "./original-arguments.ts";
export {
  drawnFormat,
  isOtherPictures,
  drawnSubtitleArguments,
  besideSubtitleArguments,
  subtitleArguments,
  type SubtitleFile,
  whyNoText,
} from "./subtitle-arguments.ts";
export { fontArguments } from "./film-fonts.ts";
export { dvbCanvas, dvbClears } from "./picture-subtitles/dvb-packets.ts";
export {
  besidePictureArguments,
  pictureSubtitleArguments,
  type PictureFiles,
} from "./picture-subtitles/picture-subtitle-arguments.ts";
export { subtitlesToPgs, type PictureTrack } from "./picture-subtitles/subtitles-to-pgs.ts";
export { lookAtContent, type TimedSource } from "./content-samples.ts";
export {
  LOOK_PROCESS,
  lookEventSchema,
  type FilmLook,
  type FilmLookAnswer,
  type LookCommand,
  type LookEvent,
  type TakeLook,
} from "./film-look.ts";
export { takeLook } from "./take-look.ts";
export { contentByName } from "./content-by-name.ts";
export {
  indexPackets,
  type PacketIndex,
  type PacketIndexing,
} from "./packet-index/packet-index.ts";
export {
  findPieces,
  type ClockPiece,
  type PieceRules,
  type TrackPart,
} from "./packet-index/clock-pieces.ts";
export type { SoundGap } from "./packet-index/sound-gaps.ts";
export type { TrackLog } from "./packet-index/track-log.ts";
export { proveFilm, type MadeFilm } from "./proof/prove-film.ts";
export { glanceAtFilm, type FilmGlance } from "./glance-at-film.ts";
export { makePoster } from "./make-poster.ts";
export { uprightSize, type Size } from "./picture-size.ts";
export { filmInput } from "./media-input.ts";
export { runToEnd } from "./run-to-end.ts";
export { partInput } from "./part-input.ts";
export { legacyCharset } from "./legacy-charset.ts";
export { readSidecar, sidecarsAmong, type Sidecar } from "./sidecars.ts";
