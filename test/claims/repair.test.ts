import { describe, expect, it } from 'vitest';
import { repairMojibake } from '../../src/claims/repair.js';

/** Text as it looks after its UTF-8 was read as another encoding; bytes without a character get lost where `lossy`. */
function garble(text: string, encoding: string, lossy = false): string {
  const decoder = new TextDecoder(encoding);
  const c1 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
  return [...new TextEncoder().encode(text)]
    .map((byte) => (encoding === 'windows-1252' && byte > 0x7f && byte < 0xa0 ? c1[byte - 0x80]! : decoder.decode(Uint8Array.of(byte))))
    .filter((c) => !lossy || !/[\u0080-\u009f]/.test(c))
    .join('');
}

const text = '# 🚀 Launch ✅\n- ❌ Größe – “naïve” café\n- ⚠️ ┌──┐\n';

describe('repairMojibake', () => {
  it.each(['windows-1252', 'windows-1254', 'macintosh', 'windows-1250', 'windows-1251', 'ibm866'])(
    'puts right what was read as %s',
    (encoding) => {
      expect(repairMojibake(garble(text, encoding))).toMatchObject({ text });
    },
  );

  it('leaves text alone that is right, in any language', () => {
    for (const right of [text, 'Ünïcödé naïve façade', 'Привет, мир', '日本語のチェックリスト ✅', 'Ã alone, â too', '']) {
      expect(repairMojibake(right)).toEqual({ text: right, encoding: null });
    }
  });

  it('restores marks that lost a byte on the way', () => {
    const repaired = repairMojibake(garble('✅ a\n❌ b\n⚠️ c\n', 'windows-1252', true)).text.split('\n');
    expect(repaired[0]).toBe('✅ a');
    expect(repaired[1]).toBe('❌ b');
    expect(repaired[2]).toContain('⚠');
  });

  it('keeps every line where it is', () => {
    expect(repairMojibake(garble(text, 'windows-1252')).text.split('\n')).toHaveLength(text.split('\n').length);
  });
});
