import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { crc32, createGunzip } from 'node:zlib';

/**
 * How far the form of a file speaks for its being whole. verified: checksums or the whole structure were recomputed; complete: the end
 * that its format demands is there; header: only its start could be judged; damaged; unknown: no format that is known here.
 */
export type Integrity = 'verified' | 'complete' | 'header' | 'damaged' | 'unknown';

export interface Inspection {
  readonly format: string;
  readonly integrity: Integrity;
  /** What is wrong, or why no more could be said. */
  readonly note: string | null;
  /** Name of the encryption, null where the content lies open. */
  readonly encryption: string | null;
}

/** Compressed bytes that are read to the end; of larger files only the head and the tail are. */
const wholeBytes = 1 << 30;
/** Decompressed bytes after which reading stops. */
const expandedBytes = 32 * 2 ** 30;
const headBytes = 4_096;
const tailBytes = 66_000;
const blocks = 200_000;

interface Ends {
  readonly file: FileHandle;
  readonly path: string;
  readonly size: number;
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly signal: AbortSignal;
}

/** Looks at the head and tail of a file, and reads through it where its format carries checksums; bounded, never in memory as a whole. */
export async function inspect(file: FileHandle, path: string, size: number, signal: AbortSignal): Promise<Inspection> {
  const head = await readAt(file, 0, Math.min(size, headBytes));
  const tail = await readAt(file, Math.max(0, size - tailBytes), Math.min(size, tailBytes));
  const ends: Ends = { file, path, size, head, tail, signal };
  const encryption = encryptionOf(head);
  if (encryption !== null) return { format: encryption, integrity: 'header', note: 'encrypted: only its header is readable', encryption };
  for (const { format, starts, judge } of formats) {
    if (!starts(ends)) continue;
    const said = await judge(ends);
    return { encryption: null, note: null, ...said, format: said.format ?? format };
  }
  return { format: 'unknown', integrity: 'unknown', note: 'no known backup format', encryption: null };
}

export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

const startsWith = (bytes: readonly number[]) => (ends: { head: Buffer }) => bytes.every((byte, i) => ends.head[i] === byte);
const startsText =
  (text: string, at = 0) =>
  (ends: { head: Buffer }) =>
    ends.head.toString('latin1', at, at + text.length) === text;

/** age, PGP (armoured or binary, to a key or with a passphrase), openssl enc, LUKS, Ansible Vault; by RFC 9580 section 4.2 for PGP. */
function encryptionOf(head: Buffer): string | null {
  const text = head.toString('latin1', 0, 64);
  if (text.startsWith('age-encryption.org/') || text.startsWith('-----BEGIN AGE ENCRYPTED FILE-----')) return 'age';
  if (text.startsWith('-----BEGIN PGP MESSAGE-----')) return 'pgp';
  if (text.startsWith('Salted__')) return 'openssl';
  if (text.startsWith('LUKS\xba\xbe')) return 'luks';
  if (text.startsWith('$ANSIBLE_VAULT;')) return 'ansible-vault';
  const [tagByte, second, third] = [head[0] ?? 0, head[1] ?? 0, head[2] ?? 0];
  if ((tagByte & 0x80) === 0) return null;
  const fresh = (tagByte & 0x40) !== 0;
  const tag = fresh ? tagByte & 0x3f : (tagByte >> 2) & 0x0f;
  const lengthOctets = fresh ? (second < 192 ? 1 : second < 224 ? 2 : 5) : ([1, 2, 4, 0][tagByte & 3] ?? 0);
  const version = lengthOctets === 1 ? third : (head[1 + lengthOctets] ?? 0);
  const isKeyPacket = (tag === 1 && (version === 3 || version === 6)) || (tag === 3 && version >= 4 && version <= 6);
  return isKeyPacket && lengthOctets > 0 ? 'pgp' : null;
}

type Said = { integrity: Integrity; note?: string | null; format?: string };

const formats: readonly { format: string; starts: (ends: Ends) => boolean; judge: (ends: Ends) => Said | Promise<Said> }[] = [
  { format: 'gzip', starts: startsWith([0x1f, 0x8b, 0x08]), judge: gzip },
  { format: 'zip', starts: startsWith([0x50, 0x4b, 0x03, 0x04]), judge: zip },
  { format: 'zstd', starts: startsWith([0x28, 0xb5, 0x2f, 0xfd]), judge: zstd },
  { format: 'xz', starts: startsWith([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]), judge: xz },
  { format: 'bzip2', starts: startsText('BZh'), judge: () => ({ integrity: 'header', note: 'bzip2 has no end that can be judged' }) },
  { format: 'pg_dump custom', starts: startsText('PGDMP'), judge: pgCustom },
  { format: 'sqlite', starts: startsText('SQLite format 3\0'), judge: sqlite },
  { format: 'redis rdb', starts: startsText('REDIS'), judge: rdb },
  { format: 'tar', starts: isTar, judge: tar },
  { format: 'pg_dump', starts: isPostgresText, judge: ({ tail }) => postgresEnd(tail.toString('latin1')) },
  { format: 'mysqldump', starts: isMysqlText, judge: ({ tail }) => mysqlEnd(tail.toString('latin1')) },
];

const damaged = (note: string): Said => ({ integrity: 'damaged', note });

function isPostgresText({ head }: { head: Buffer }): boolean {
  return /^(?:--\s*\n)?(?:\\restrict [^\n]*\n)?-- PostgreSQL database (?:cluster )?dump/m.test(head.toString('latin1', 0, 400));
}
function isMysqlText({ head }: { head: Buffer }): boolean {
  return /^(?:\/\*M!999999[^\n]*\n)?-- (?:MySQL|MariaDB) dump/m.test(head.toString('latin1', 0, 400));
}
const postgresEnd = (tail: string): Said =>
  /-- PostgreSQL database (?:cluster )?dump complete/.test(tail.slice(-4_000))
    ? { integrity: 'complete' }
    : damaged('the line "-- PostgreSQL database dump complete" is missing at its end: the dump was cut off');
const mysqlEnd = (tail: string): Said =>
  /-- Dump completed/.test(tail.slice(-4_000))
    ? { integrity: 'complete' }
    : damaged('the line "-- Dump completed" is missing at its end: the dump was cut off');

/** The CRC-32 and length of every member are what zlib recomputes; the text inside must have its end too. */
async function gzip({ path, size, signal }: Ends): Promise<Said> {
  if (size > wholeBytes) return { integrity: 'header', note: `larger than ${wholeBytes / 2 ** 20} MiB: only its header was read` };
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let expanded = 0;
  let stopped = false;
  try {
    await pipeline(
      createReadStream(path, { highWaterMark: 1 << 18 }),
      createGunzip({ chunkSize: 1 << 18 }),
      async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          expanded += chunk.length;
          if (head.length < headBytes) head = Buffer.concat([head, chunk.subarray(0, headBytes - head.length)]);
          tail = chunk.length >= 8_192 ? Buffer.from(chunk.subarray(-8_192)) : Buffer.concat([tail, chunk]).subarray(-8_192);
          if (expanded > expandedBytes) {
            stopped = true;
            break;
          }
        }
      },
      { signal },
    );
  } catch (error) {
    if (signal.aborted) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'Z_BUF_ERROR') return damaged('the gzip stream ends too early: the file was cut off');
    if (code.startsWith('Z_')) return damaged('the gzip checksum or data is wrong');
    throw error;
  }
  if (stopped) return { integrity: 'header', note: 'expands to more than is read' };
  if (expanded === 0) return { ...damaged('there is nothing inside'), format: 'gzip' };
  return withInside(head, tail);
}

function withInside(head: Buffer, tail: Buffer): Said {
  const inner = { head, tail };
  if (isPostgresText(inner)) return joined('pg_dump, gzip', postgresEnd(tail.toString('latin1')));
  if (isMysqlText(inner)) return joined('mysqldump, gzip', mysqlEnd(tail.toString('latin1')));
  if (startsText('PGDMP')(inner)) return joined('pg_dump custom, gzip', { integrity: 'verified' });
  if (isTar(inner)) return joined('tar, gzip', tarEnd(tail));
  return { integrity: 'verified' };
}

/** The checksum of the outer format held, so an end that is right makes it verified. */
const joined = (format: string, said: Said): Said => ({
  ...said,
  integrity: said.integrity === 'damaged' ? 'damaged' : 'verified',
  format,
});

/** End of central directory at the end, the directory where it says, as many entries as it says (APPNOTE 4.3). */
async function zip({ file, size, tail }: Ends): Promise<Said> {
  const at = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (at < 0 || at + 22 > tail.length) return damaged('the central directory at its end is missing: the file was cut off');
  const entries = tail.readUInt16LE(at + 10);
  const length = tail.readUInt32LE(at + 12);
  const offset = tail.readUInt32LE(at + 16);
  if (entries === 0xffff || offset === 0xffffffff) return { integrity: 'complete', note: 'zip64: only its end was judged' };
  if (offset + length > size) return damaged('the central directory lies outside of the file');
  if (length > 64 * 2 ** 20) return { integrity: 'complete', note: 'its directory is too long to read' };
  const directory = await readAt(file, offset, length);
  let position = 0;
  let encrypted = 0;
  for (let n = 0; n < entries; n++) {
    if (position + 46 > directory.length || directory.readUInt32LE(position) !== 0x02014b50)
      return damaged(`entry ${n + 1} of ${entries} in the central directory is not readable`);
    if ((directory.readUInt16LE(position + 8) & 1) === 1) encrypted++;
    position += 46 + directory.readUInt16LE(position + 28) + directory.readUInt16LE(position + 30) + directory.readUInt16LE(position + 32);
  }
  if (entries === 0) return damaged('there is nothing inside');
  return { integrity: 'complete', note: encrypted > 0 ? `${encrypted} of ${entries} entries are encrypted` : null };
}

/** Walks the blocks of every frame to the end of the file (RFC 8878, section 3.1). */
async function zstd({ file, size, signal }: Ends): Promise<Said> {
  let position = 0;
  let read = 0;
  const cut = damaged('the zstd frames end too early: the file was cut off');
  while (position < size) {
    const header = await readAt(file, position, 18);
    if (header.length < 5) return cut;
    const magic = header.readUInt32LE(0);
    if (magic >= 0x184d2a50 && magic <= 0x184d2a5f) {
      if (header.length < 8) return cut;
      position += 8 + header.readUInt32LE(4);
      continue;
    }
    if (magic !== 0xfd2fb528) return damaged('what follows a zstd frame is no zstd frame');
    const descriptor = header[4] as number;
    const single = (descriptor & 0x20) !== 0;
    const contentSize = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;
    position += 5 + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] as number) + contentSize;
    for (let last = false; !last;) {
      signal.throwIfAborted();
      if (++read > blocks) return { integrity: 'header', note: 'too many blocks to walk through' };
      const block = await readAt(file, position, 3);
      if (block.length < 3) return cut;
      const word = block.readUIntLE(0, 3);
      last = (word & 1) === 1;
      const type = (word >> 1) & 3;
      if (type === 3) return damaged('a zstd block has a reserved type');
      position += 3 + (type === 1 ? 1 : word >> 3);
    }
    if ((descriptor & 4) !== 0) position += 4;
  }
  return position === size ? { integrity: 'complete' } : cut;
}

/** The stream footer: its magic bytes, its CRC-32, and the flags of the header again (The .xz File Format 1.2.1, 2.1.2). */
function xz({ head, tail }: Ends): Said {
  const end = tail.length - [...tail].reverse().findIndex((byte) => byte !== 0);
  const footer = tail.subarray(end - 12, end);
  if (footer.length < 12 || footer.toString('latin1', 10) !== 'YZ') return damaged('the xz footer is missing: the file was cut off');
  const flagsAgree = footer.subarray(8, 10).equals(head.subarray(6, 8));
  return flagsAgree && crc32(footer.subarray(4, 10)) === footer.readUInt32LE(0)
    ? { integrity: 'complete' }
    : damaged('the xz footer is wrong');
}

function pgCustom({ head, size }: Ends): Said {
  const [major, minor] = [head[5] ?? 0, head[6] ?? 0];
  if (major !== 1 || minor > 30 || size < 200) return damaged('its pg_dump header is cut off or unknown');
  return { integrity: 'header', note: 'pg_restore --list reads more of it' };
}

/** Pages times page size is the size of the file (https://www.sqlite.org/fileformat.html, 1.3). */
function sqlite({ head, size }: Ends): Said {
  if (head.length < 100) return damaged('its header is cut off');
  const raw = head.readUInt16BE(16);
  const pageSize = raw === 1 ? 65_536 : raw;
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) return damaged('its page size is none');
  const pages = head.readUInt32BE(28);
  const valid = pages > 0 && head.readUInt32BE(24) === head.readUInt32BE(92);
  if (valid && pages * pageSize > size) return damaged(`${pages} pages of ${pageSize} bytes do not fit into ${size} bytes: it was cut off`);
  return size % pageSize === 0 ? { integrity: 'complete' } : damaged('its last page is not whole');
}

/** An RDB file ends with the byte 0xff and, since version 5, eight bytes of checksum. */
function rdb({ head, tail }: Ends): Said {
  const version = Number(head.toString('latin1', 5, 9));
  if (!Number.isInteger(version)) return damaged('its version is no number');
  const end = version >= 5 ? tail.length - 9 : tail.length - 1;
  return tail[end] === 0xff ? { integrity: 'complete' } : damaged('its end marker is missing: the file was cut off');
}

function isTar({ head }: { head: Buffer }): boolean {
  return head.length >= 512 && head.toString('latin1', 257, 262) === 'ustar' && tarChecksum(head.subarray(0, 512));
}

/** The sum of the header's bytes, its own eight counted as blanks (POSIX pax, ustar). */
function tarChecksum(header: Buffer): boolean {
  let sum = 8 * 32;
  for (let i = 0; i < 512; i++) if (i < 148 || i >= 156) sum += header[i] ?? 0;
  return (
    sum ===
    Number.parseInt(
      header
        .toString('latin1', 148, 156)
        .replace(/[\0 ]+$/, '')
        .trim(),
      8,
    )
  );
}

const tarEnd = (tail: Buffer): Said =>
  tail.length >= 1_024 && tail.subarray(-1_024).every((byte) => byte === 0)
    ? { integrity: 'complete' }
    : damaged('the two empty records at the end of the archive are missing: it was cut off');

/** Walks from header to header, each with its checksum, to the two empty records at the end. */
async function tar({ file, size, tail, signal }: Ends): Promise<Said> {
  let position = 0;
  for (let n = 0; n < blocks; n++) {
    signal.throwIfAborted();
    const header = await readAt(file, position, 512);
    if (header.length < 512) return damaged('the archive ends within a member: it was cut off');
    if (header.every((byte) => byte === 0)) return tarEnd(tail).integrity === 'damaged' ? tarEnd(tail) : { integrity: 'verified' };
    if (!tarChecksum(header)) return damaged(`the checksum of the member at byte ${position} is wrong`);
    const length = tarSize(header);
    if (length === null || position + 512 + length > size) return damaged('a member is longer than the file: it was cut off');
    position += 512 + Math.ceil(length / 512) * 512;
  }
  return { integrity: 'header', note: 'too many members to walk through' };
}

function tarSize(header: Buffer): number | null {
  const field = header.subarray(124, 136);
  if (((field[0] ?? 0) & 0x80) !== 0) return Number(field.readBigUInt64BE(4));
  const size = Number.parseInt(
    field
      .toString('latin1')
      .replace(/[\0 ]+$/, '')
      .trim() || '0',
    8,
  );
  return Number.isFinite(size) ? size : null;
}
