/** Single-byte encodings that UTF-8 is most often misread as. */
const suspects = ['windows-1252', 'windows-1254', 'macintosh', 'windows-1250', 'windows-1251', 'ibm866'] as const;

/** What a lost byte may restore: marks that documents use, their variation selector, and lines of boxes. */
const plausible = /^(?:[✅❌❎☑✔✖⚠⚙⏳⌛⭐]|\p{Emoji_Presentation}|\ufe0f|[\u2500-\u257f])$/u;

/** Characters of 0x80 to 0x9f in windows-1252; runtimes disagree about them. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Characters of the bytes 0x80 to 0xff in an encoding. */
function upperHalf(encoding: string): string[] {
  const bytes = Array.from({ length: 0x80 }, (_, i) => 0x80 + i);
  if (encoding === 'windows-1252') return bytes.map((byte) => windows1252[byte - 0x80] ?? String.fromCharCode(byte));
  const decoder = new TextDecoder(encoding);
  return bytes.map((byte) => decoder.decode(Uint8Array.of(byte)));
}

/** Byte of each character above ASCII in an encoding; C1 controls stand for the bytes that the encoding leaves undefined. */
function bytesOf(characters: readonly string[]): ReadonlyMap<string, number> {
  const bytes = new Map<string, number>();
  for (let i = 0; i < 0x20; i++) bytes.set(String.fromCharCode(0x80 + i), 0x80 + i);
  characters.forEach((character, i) => bytes.set(character, 0x80 + i));
  return bytes;
}

/** Bytes that an encoding has no printable character for; they get lost on the way. */
const undefinedIn = (characters: readonly string[]): number[] =>
  characters.flatMap((character, i) => (/^[\u0080-\u009f\ufffd]$/.test(character) ? [0x80 + i] : []));

const strict = new TextDecoder('utf-8', { fatal: true });

/** A sequence that lost one byte, because the misread encoding has no character for it; null where nothing plausible comes out. */
function restore(sequence: readonly number[], lost: readonly number[]): string | null {
  for (let at = sequence.length; at > 0; at--) {
    for (const byte of lost) {
      try {
        const character = strict.decode(Uint8Array.from([...sequence.slice(0, at), byte, ...sequence.slice(at)]));
        if (plausible.test(character)) return character;
      } catch {
        // not UTF-8 with this byte here
      }
    }
  }
  return null;
}

/** The characters that a run of misread ones stands for; what is no UTF-8 stays as it is. `gained`: sequences put right, `consumed`: characters they were made of. */
function decodeRun(
  run: string,
  bytes: ReadonlyMap<string, number>,
  lost: readonly number[],
): { text: string; gained: number; consumed: number } {
  const characters = [...run];
  let text = '';
  let gained = 0;
  let consumed = 0;
  for (let at = 0; at < characters.length;) {
    const first = bytes.get(characters[at]!) ?? 0;
    const length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
    const sequence = characters.slice(at, at + length).map((c, i) => (i > 0 && c === ' ' ? 0xa0 : (bytes.get(c) ?? 0)));
    if (length > 1 && sequence.length === length && sequence.slice(1).every((b) => b >= 0x80 && b < 0xc0)) {
      try {
        text += strict.decode(Uint8Array.from(sequence));
        gained++;
        consumed += length;
        at += length;
        continue;
      } catch {
        // an overlong form or a surrogate: not UTF-8
      }
    }
    if (length > 2) {
      const short = sequence.slice(0, length - 1);
      const restored = short.length === length - 1 && short.slice(1).every((b) => b >= 0x80 && b < 0xc0) ? restore(short, lost) : null;
      if (restored !== null) {
        text += restored;
        gained++;
        consumed += length - 1;
        at += length - 1;
        continue;
      }
    }
    text += characters[at++]!;
  }
  return { text, gained, consumed };
}

/**
 * Text whose UTF-8 was once read as another encoding (`âœ…` for a tick), put right by encoding it back. The encoding under
 * which most sequences become valid UTF-8 is taken for the whole text, if any does; line breaks stay where they are.
 */
export function repairMojibake(text: string): { text: string; encoding: string | null } {
  // eslint-disable-next-line no-control-regex
  const runs = [...new Set(text.match(/[^\u0000-\u007f](?:[^\u0000-\u007f]| (?=[^\u0000-\u007f]))*/g) ?? [])];
  if (runs.length === 0) return { text, encoding: null };
  let best: { encoding: string; gained: number; decoded: Map<string, string> } | null = null;
  const total = runs.reduce((sum, run) => sum + [...run].filter((c) => c !== ' ').length, 0);
  for (const encoding of suspects) {
    const characters = upperHalf(encoding);
    const bytes = bytesOf(characters);
    const lost = undefinedIn(characters);
    // What the encoding cannot write was not misread as it.
    const foreign = runs.reduce((sum, run) => sum + [...run].filter((c) => c !== ' ' && !bytes.has(c)).length, 0);
    const decoded = new Map<string, string>();
    let gained = 0;
    let consumed = 0;
    for (const run of runs) {
      const result = decodeRun(run, bytes, lost);
      if (result.gained > 0) decoded.set(run, result.text);
      gained += result.gained;
      consumed += result.consumed;
    }
    // In a text that was misread, next to everything beyond ASCII is part of a sequence.
    if (consumed * 2 > total && gained > foreign && gained > (best?.gained ?? 0)) best = { encoding, gained, decoded };
  }
  if (!best) return { text, encoding: null };
  const { decoded, encoding } = best;
  // eslint-disable-next-line no-control-regex
  return { text: text.replace(/[^\u0000-\u007f](?:[^\u0000-\u007f]| (?=[^\u0000-\u007f]))*/g, (run) => decoded.get(run) ?? run), encoding };
}
