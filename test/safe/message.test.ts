import { describe, expect, it } from 'vitest';
import { brief, parseMessage, renderMessage } from '../../src/safe/message.js';

describe('renderMessage', () => {
  it.each<[string, string]>([
    ['final stage of {{file}} runs as {{ item.user }}', 'final stage of Dockerfile runs as root'],
    ['{{item.n + 1}} of {{size(item.list)}}', '3 of 7'],
    ['{{item.list}}', 'a, b, c, d, e and 2 more'],
    ['{{item.none}} and {{item.empty}}', 'none and none'],
    ['{{item.missing}} {{nothing}} {{1 +}}', '? ? ?'],
    ['{{"}}" + item.user}}', '}}root'],
    ['{{ {"a": 1}.a }}', '1'],
    ['never {{ closed', 'never {{ closed'],
    ['plain }} text', 'plain }} text'],
    ['{{item.share}}', '0.33'],
    [
      'set without {{item.n == 1 ? "HttpOnly " : ""}}{{item.n == 2 ? "Secure " : ""}}{{item.n == 2 ? "SameSite" : ""}}',
      'set without Secure SameSite',
    ],
  ])('%s', (template, expected) => {
    const variables = { file: 'Dockerfile', item: { user: 'root', n: 2, list: [...'abcdefg'], none: null, empty: '', share: 1 / 3 } };
    expect(renderMessage(template, variables)).toBe(expected);
  });

  it('keeps hostile values on one short line', () => {
    const shown = renderMessage('{{item}}', { item: `a\n\u001b[31m${'x y '.repeat(100)}` });
    expect(shown).not.toMatch(/\p{Cc}/u);
    expect(shown.length).toBeLessThanOrEqual(80);
  });

  it('tells where expressions stand', () => {
    expect(parseMessage('a {{ b }}')).toEqual([{ text: 'a ' }, { expression: 'b', offset: 5 }]);
  });

  it('takes an evaluator instead of variables', () => {
    expect(renderMessage('a {{ b }}', (expression) => expression.toUpperCase())).toBe('a B');
  });

  it('shows maps as JSON', () => expect(brief({ a: 1 })).toBe('{"a":1}'));
});
