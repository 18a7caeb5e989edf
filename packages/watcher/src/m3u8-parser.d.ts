/** The part of m3u8-parser (which ships no types) that is used; also by the testkit. */
declare module "m3u8-parser" {
  export interface Manifest {
    mediaSequence?: number;
    targetDuration?: number;
    discontinuitySequence?: number;
    playlistType?: string;
    endList?: boolean;
    segments: {
      uri: string;
      duration: number;
      byterange?: { offset: number; length: number };
      map?: { uri: string };
      discontinuity?: boolean;
      dateTimeObject?: Date;
    }[];
  }
  export class Parser {
    readonly manifest: Manifest;
    push(text: string): void;
    end(): void;
  }
}
