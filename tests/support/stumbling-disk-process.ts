import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, read, writeSync } from "node:fs";
import { open, readdir, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

/**
 * `stumbling-disk-process.ts <folder> <mount point>` shows a folder read-only as a file system of its
 * own (the kernel's FUSE protocol, version 7) that fails or hangs on word of the parent process:
 * `well`, `failing` (reads give EIO), `gone` (everything gives ENOTCONN), `hanging` (no answers).
 */
const OPCODE = {
  ...{ lookup: 1, forget: 2, getattr: 3, open: 14, read: 15, statfs: 17, release: 18, flush: 25 },
  ...{ init: 26, opendir: 27, readdir: 28, releasedir: 29, interrupt: 36, batchForget: 42 },
} as const;
const ERRNO = { ENOENT: -2, EIO: -5, ENOSYS: -38, ENOTCONN: -107 } as const;
const HEADER_BYTES = 40;
const [, , folder = "", mountPoint = ""] = process.argv;

const fuse = openSync("/dev/fuse", "r+");
const mounting = spawn(
  "mount",
  ["-i", "-t", "fuse", "-o", "ro,fd=3,rootmode=40000,user_id=0,group_id=0", "none", mountPoint],
  { stdio: ["ignore", "inherit", "inherit", fuse] },
);

let health = "well";
let waiting: (() => void)[] = [];
const paths = new Map<bigint, string>([[1n, folder]]);
const handles = new Map<bigint, FileHandle>();
let lastHandle = 0n;

function answer(unique: bigint, error: number, body: Buffer = Buffer.alloc(0)): void {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(16 + body.length, 0);
  header.writeInt32LE(error, 4);
  header.writeBigUInt64LE(unique, 8);
  try {
    writeSync(fuse, Buffer.concat([header, body]));
  } catch {
    // Whoever asked is gone.
  }
}

async function attributes(path: string): Promise<Buffer> {
  const found = await stat(path, { bigint: true });
  const bytes = Buffer.alloc(88);
  const seconds = [found.atimeNs, found.mtimeNs, found.ctimeNs].map((ns) => ns / 1_000_000_000n);
  const rests = [found.atimeNs, found.mtimeNs, found.ctimeNs].map((ns) => ns % 1_000_000_000n);
  for (const [n, value] of [found.ino, found.size, found.blocks, ...seconds].entries())
    bytes.writeBigUInt64LE(value, 8 * n);
  const small = [...rests, found.mode, found.nlink, found.uid, found.gid, 0n, 4096n];
  for (const [n, value] of small.entries()) bytes.writeUInt32LE(Number(value), 48 + 4 * n);
  return bytes;
}

function numberOf(path: string): bigint {
  for (const [number, known] of paths) if (known === path) return number;
  const number = BigInt(paths.size + 1);
  paths.set(number, path);
  return number;
}

async function lookup(path: string): Promise<Buffer> {
  const shown = await attributes(path);
  const entry = Buffer.alloc(40);
  entry.writeBigUInt64LE(numberOf(path), 0);
  return Buffer.concat([entry, shown]);
}

async function entries(path: string, offset: number): Promise<Buffer> {
  const names = [".", "..", ...(await readdir(path))].slice(offset);
  return Buffer.concat(
    names.map((name, n) => {
      const length = Buffer.byteLength(name);
      const entry = Buffer.alloc(Math.ceil((24 + length) / 8) * 8);
      entry.writeBigUInt64LE(BigInt(offset + n + 1), 0);
      entry.writeBigUInt64LE(BigInt(offset + n + 1), 8);
      entry.writeUInt32LE(length, 16);
      entry.write(name, 24);
      return entry;
    }),
  );
}

async function obey(opcode: number, node: bigint, body: Buffer): Promise<Buffer> {
  const path = paths.get(node) ?? folder;
  switch (opcode) {
    case OPCODE.init: {
      const out = Buffer.alloc(64);
      out.writeUInt32LE(7, 0);
      out.writeUInt32LE(Math.min(31, body.readUInt32LE(4)), 4);
      out.writeUInt32LE(128 * 1024, 20);
      return out;
    }
    case OPCODE.lookup:
      return lookup(join(path, body.toString("utf8").replace(/\0.*$/s, "")));
    case OPCODE.getattr:
      return Buffer.concat([Buffer.alloc(16), await attributes(path)]);
    case OPCODE.open: {
      const out = Buffer.alloc(16);
      lastHandle += 1n;
      handles.set(lastHandle, await open(path));
      out.writeBigUInt64LE(lastHandle, 0);
      // FOPEN_DIRECT_IO: what was read once is not in the page cache.
      out.writeUInt32LE(1, 8);
      return out;
    }
    case OPCODE.read: {
      const out = Buffer.alloc(body.readUInt32LE(16));
      const file = handles.get(body.readBigUInt64LE(0));
      const done = await file?.read(out, 0, out.length, Number(body.readBigUInt64LE(8)));
      return out.subarray(0, done?.bytesRead ?? 0);
    }
    case OPCODE.release:
      await handles.get(body.readBigUInt64LE(0))?.close();
      handles.delete(body.readBigUInt64LE(0));
      return Buffer.alloc(0);
    case OPCODE.readdir:
      return entries(path, Number(body.readBigUInt64LE(8)));
    case OPCODE.opendir:
      return Buffer.alloc(16);
    case OPCODE.statfs:
      return Buffer.alloc(80);
    case OPCODE.flush:
    case OPCODE.releasedir:
      return Buffer.alloc(0);
    default:
      throw Object.assign(new Error("not here"), { errno: ERRNO.ENOSYS });
  }
}

async function take(request: Buffer): Promise<void> {
  const opcode = request.readUInt32LE(4);
  const unique = request.readBigUInt64LE(8);
  const isSilent =
    opcode === OPCODE.forget || opcode === OPCODE.batchForget || opcode === OPCODE.interrupt;
  if (isSilent) return;
  if (opcode !== OPCODE.init) {
    if (health === "hanging") await new Promise<void>((resolve) => waiting.push(resolve));
    if (health === "gone") return answer(unique, ERRNO.ENOTCONN);
    if (health === "failing" && opcode === OPCODE.read) return answer(unique, ERRNO.EIO);
  }
  try {
    answer(
      unique,
      0,
      await obey(opcode, request.readBigUInt64LE(16), request.subarray(HEADER_BYTES)),
    );
  } catch (error) {
    const errno = (error as { errno?: number }).errno ?? ERRNO.EIO;
    answer(unique, errno);
  }
}

function listen(): void {
  const buffer = Buffer.alloc(256 * 1024);
  read(fuse, buffer, 0, buffer.length, null, (error, bytes) => {
    // ENODEV: it is unmounted.
    if (error?.code === "ENODEV") process.exit();
    if (error === null) void take(Buffer.from(buffer.subarray(0, bytes)));
    listen();
  });
}

process.on("message", (word: string) => {
  health = word;
  if (word !== "hanging") {
    for (const goOn of waiting) goOn();
    waiting = [];
  }
  process.send?.(word);
});
process.on("disconnect", () => process.exit());
const [code] = (await once(mounting, "exit")) as [number];
if (code !== 0) process.exit(1);
listen();
process.send?.("mounted");
