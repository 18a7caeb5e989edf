/**
 * Whether ffprobe's `format_name` is a format of broadcasts: MPEG-TS or MPEG-PS. They have no list of their
 * packets, and recordings can be joined as bytes: a part can be read alone, decoding times that go back are
 * a jump of the clock, and programmes of different shapes and colours follow each other.
 */
export const isBroadcast = (format: string): boolean => /^(mpegts|mpeg)$/.test(format);
