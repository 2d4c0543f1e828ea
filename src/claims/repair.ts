/** Single-byte encodings that UTF-8 is most often misread as. */
const suspects = ['windows-1252', 'windows-1254', 'macintosh', 'windows-1250', 'windows-1251', 'ibm866'] as const;

/** What a lost byte may restore: marks that documents use, their variation selector, and lines of boxes. */
const plausible = /^(?:[✅❌❎☑✔✖⚠⚙⏳⌛⭐]|\p{Emoji_Presentation}|\ufe0f|[\u2500-\u257f])$/u;

/** Byte of each character above ASCII in an encoding; C1 controls stand for the bytes that the encoding leaves undefined. */
function bytesOf(encoding: string): ReadonlyMap<string, number> {
  const decoder = new TextDecoder(encoding);
  const bytes = new Map<string, number>();
  for (let byte = 0x80; byte <= 0xff; byte++) {
    bytes.set(String.fromCharCode(byte), bytes.get(String.fromCharCode(byte)) ?? byte);
  }
  for (let byte = 0x80; byte <= 0xff; byte++) bytes.set(decoder.decode(Uint8Array.of(byte)), byte);
  return bytes;
}

/** Bytes that an encoding has no printable character for; they get lost on the way. */
function undefinedIn(encoding: string): number[] {
  const decoder = new TextDecoder(encoding);
  return Array.from({ length: 0x40 }, (_, i) => 0x80 + i).filter((byte) =>
    /^[\u0080-\u009f\ufffd]$/.test(decoder.decode(Uint8Array.of(byte))),
  );
}

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

/** The characters that a run of misread ones stands for; what is no UTF-8 stays as it is. `gained`: sequences put right. */
function decodeRun(run: string, bytes: ReadonlyMap<string, number>, lost: readonly number[]): { text: string; gained: number } {
  const characters = [...run];
  let text = '';
  let gained = 0;
  for (let at = 0; at < characters.length;) {
    const first = bytes.get(characters[at]!) ?? 0;
    const length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
    const sequence = characters.slice(at, at + length).map((c, i) => (i > 0 && c === ' ' ? 0xa0 : (bytes.get(c) ?? 0)));
    if (length > 1 && sequence.length === length && sequence.slice(1).every((b) => b >= 0x80 && b < 0xc0)) {
      try {
        text += strict.decode(Uint8Array.from(sequence));
        gained++;
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
        at += length - 1;
        continue;
      }
    }
    text += characters[at++]!;
  }
  return { text, gained };
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
  for (const encoding of suspects) {
    const bytes = bytesOf(encoding);
    const lost = undefinedIn(encoding);
    const decoded = new Map<string, string>();
    let gained = 0;
    for (const run of runs) {
      const result = decodeRun(run, bytes, lost);
      if (result.gained > 0) decoded.set(run, result.text);
      gained += result.gained;
    }
    if (gained > (best?.gained ?? 0)) best = { encoding, gained, decoded };
  }
  if (!best) return { text, encoding: null };
  const { decoded, encoding } = best;
  // eslint-disable-next-line no-control-regex
  return { text: text.replace(/[^\u0000-\u007f](?:[^\u0000-\u007f]| (?=[^\u0000-\u007f]))*/g, (run) => decoded.get(run) ?? run), encoding };
}
