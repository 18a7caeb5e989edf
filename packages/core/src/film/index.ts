export {
  rationalSchema,
  parseRational,
  formatRational,
  toNumber,
  type Rational,
} from "./rational.ts";
export {
  fileIdentitySchema,
  isOnlyLonger,
  isSameFile,
  settledFile,
  requireSameFile,
  sourceChanged,
  type FileIdentity,
} from "./file-identity.ts";
export {
  sourceSchema,
  colourSchema,
  videoTrackSchema,
  audioTrackSchema,
  subtitleTrackSchema,
  chapterSchema,
  type Source,
  type Hdr,
  scanSchema,
  type Scan,
  type VideoTrack,
  type AudioTrack,
} from "./source.ts";
export { PTS_PER_SECOND } from "./pts-per-second.ts";
export {
  timelineSchema,
  STANDARD_RATES,
  PTS_OFFSET_FRAMES,
  snapRate,
  framesPerSegment,
  segmentCount,
  segmentFrames,
  segmentSeconds,
  segmentStartSeconds,
  segmentAt,
  segmentFileName,
  frameSeconds,
  framePts90k,
  durationSeconds,
  type FilmTiming,
  type Timeline,
  MOST_PIECES,
  MOST_COLOURS,
  type ColourChange,
  type TimelinePiece,
} from "./timeline.ts";
export {
  pieceAt,
  pieceSpans,
  sourceClockMicros,
  timelinePieces,
  type PieceSpan,
} from "./timeline-pieces.ts";
export {
  filmPartAt,
  filmParts,
  filmPartsWithin,
  filmSeconds,
  type FilmPart,
} from "./film-parts.ts";
export { LONGEST_FILM_SECONDS, MOST_SEGMENTS } from "./longest-film.ts";
export {
  VIDEO_ENCODERS,
  CONTENTS,
  scaleSchema,
  wantedScaleSchema,
  modelChoiceSchema,
  type ModelChoice,
  profileSchema,
  isSameRung,
  nameOfRung,
  type RungName,
  framesOf,
  sharesFrames,
  outputSchema,
  rungSchema,
  modelSpecSchema,
  PLAIN_SCALER,
  type VideoEncoder,
  type Content,
  type Profile,
  type Output,
  type Rung,
  type ModelSpec,
  faceWorkSchema,
  restoresFaces,
  withFacesId,
  withoutFacesId,
  type FaceWork,
} from "./profile.ts";
export {
  GRADES,
  isGrade,
  FILM_WISHES,
  filmWishSchema,
  WISH_NAMES,
  readFilmWish,
  isSameLanguage,
  type FilmWish,
  type Grade,
  type WishName,
} from "./film-wish.ts";
export type { OutputSize } from "./output-size.ts";
export { chromaStrips, enlarged } from "./enlarged.ts";
export { FACTS_PLUGIN, filmFactsSchema, type FilmFacts } from "./film-facts.ts";
export { describeScan } from "./describe-scan.ts";
export { isSameStretch } from "./same-stretch.ts";
export {
  decodeFileName,
  decodePercentName,
  encodeFileName,
  hasRawBytes,
  showFileName,
} from "./file-name.ts";
export { folderHere, mapPath, parsePathMap, type PathMap } from "./path-map.ts";
