export { buildTimeline } from "./probing/build-timeline.ts";
export { probeSource, type ProbeOptions, type Probed } from "./probing/probe-source.ts";
export type { ProbeTools } from "./probing/probe-tools.ts";
export type { FileEnding } from "./probing/file-ending.ts";
export { followFilm, wholeSegments } from "./growing/follow-film.ts";
export {
  outputSize,
  planOriginal,
  planOutput,
  wishForOnePass,
  type OutputRequest,
} from "./encoding/plan-output.ts";
export { decodeArguments, type DecodeRequest } from "./decoding/decode-arguments.ts";
export { SAFE_MARGIN_SECONDS } from "./decoding/decode-seek.ts";
export {
  encodeArguments,
  type EncodeRequest,
  type IncomingFrames,
} from "./encoding/encode-arguments.ts";
export {
  startFfmpeg,
  type FfmpegExit,
  type FfmpegOptions,
  type FfmpegProcess,
} from "./ffmpeg/start-ffmpeg.ts";
export { askFileAgain, sourceUnavailable, unreadableLine } from "./ffmpeg/source-trouble.ts";
export { decodeBeside } from "./decoding/decode-beside.ts";
export { makeFifo } from "./ffmpeg/make-fifo.ts";
export { lowerPriority } from "./ffmpeg/lower-priority.ts";
export { lookWhenWritten } from "./ffmpeg/look-when-written.ts";
export { makeScratchFolder } from "./ffmpeg/scratch-folder.ts";
export { countPictures } from "./tracks/count-pictures.ts";
export { exportFilm, type FilmToExport } from "./export/export-film.ts";
export type { NamedPart } from "./export/name-parts.ts";
export type { ExportFormat } from "./export/exportable.ts";
export { chooseEncoder, type EncoderChoice } from "./encoding/choose-encoder.ts";
export { chooseToneMapper, toneMapWay, type ToneMapperChoice } from "./hdr/choose-tone-mapper.ts";
export { toolVersions, type ToolVersion } from "./ffmpeg/tool-versions.ts";
export { pictureArguments } from "./stills/picture-arguments.ts";
export { thumbnailArguments } from "./stills/thumbnail-arguments.ts";
export { writeColourTables } from "./colours/colours-at.ts";
export { startDecoder, type DecoderProcess } from "./decoding/start-decoder.ts";
export { startEncoder, type EncoderProcess } from "./sound/start-encoder.ts";
export type { SoundRequest } from "./sound/sound-grid.ts";
export {
  audioRenditionArguments,
  type AudioRenditionRequest,
} from "./renditions/audio-rendition-arguments.ts";
export {
  chooseAudioTrack,
  isAudible,
  encodeSound,
  planAudioRendition,
  planEncodedAudio,
  type AudioLayout,
} from "./sound/plan-audio.ts";
export {
  leanArguments,
  lowerArguments,
  lowerDecoding,
  lowerFrameArguments,
} from "./renditions/lower-arguments.ts";
export {
  lowerBandwidth,
  lowerCodec,
  lowerQuality,
  type LowerQuality,
} from "./renditions/lower-quality.ts";
export { findKeyFrames } from "./key-frames/find-key-frames.ts";
export type { KeyFrames } from "./key-frames/scan-key-frames.ts";
export {
  originalArguments,
  originalContainer,
  type OriginalContainer,
} from "./renditions/original-arguments.ts";
export {
  drawnFormat,
  isOtherPictures,
  drawnSubtitleArguments,
  besideSubtitleArguments,
  subtitleArguments,
  type SubtitleFile,
  whyNoText,
} from "./subtitles/subtitle-arguments.ts";
export { fontArguments } from "./subtitles/film-fonts.ts";
export { dvbCanvas, dvbClears } from "./subtitles/picture-subtitles/dvb-packets.ts";
export {
  besidePictureArguments,
  pictureSubtitleArguments,
  type PictureFiles,
} from "./subtitles/picture-subtitles/picture-subtitle-arguments.ts";
export {
  subtitlesToPgs,
  type PictureTrack,
} from "./subtitles/picture-subtitles/subtitles-to-pgs.ts";
export { lookAtContent, type TimedSource } from "./look/content-samples.ts";
export {
  LOOK_PROCESS,
  lookEventSchema,
  type FilmLook,
  type FilmLookAnswer,
  type LookCommand,
  type LookEvent,
  type TakeLook,
} from "./look/film-look.ts";
export { takeLook } from "./look/take-look.ts";
export { contentByName } from "./look/content-by-name.ts";
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
export { glanceAtFilm, type FilmGlance } from "./probing/glance-at-film.ts";
export { makePoster } from "./stills/make-poster.ts";
export { uprightSize, type Size } from "./picture/picture-size.ts";
export { filmInput } from "./ffmpeg/media-input.ts";
export { runToEnd } from "./ffmpeg/run-to-end.ts";
export { partInput } from "./ffmpeg/part-input.ts";
export { legacyCharset } from "./subtitles/legacy-charset.ts";
export { readSidecar, sidecarsAmong, type Sidecar } from "./tracks/sidecars.ts";
