import { describe, expect, test } from 'vitest';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { XMLParser } from 'fast-xml-parser';
import { escapeHtml, escapeMarkdown, escapeWorkflowCommand, escapeXml, oneLine, stripControl } from '../../src/safe/escape.js';

describe('stripControl', () => {
  test('removes colours, titles and links of terminals', () => {
    expect(stripControl('\x1b[31mred\x1b[0m \x1b]0;title\x07x \x1b]8;;http://a\x1b\\link')).toBe('red x link');
  });
  test('shows overrides and controls instead of obeying them', () => {
    expect(stripControl('a\u202eb\u0007c\u200bd')).toBe('a[U+202E]b[U+0007]c[U+200B]d');
    expect(stripControl('\x1b]0;never ended')).toBe('[U+001B]]0;never ended');
    expect(stripControl('\ud800x')).toBe('[U+D800]x');
  });
  test('keeps tabs, line feeds and letters of every script', () => {
    expect(stripControl('a\tb\r\nс 漢 😀')).toBe('a\tb\nс 漢 😀');
  });
});

test('oneLine joins lines and trims', () => {
  expect(oneLine('  a\r\n\t b\rc\u2028d ')).toBe('a b c d');
});

test('escapeHtml leaves no markup', () => {
  expect(escapeHtml(`<img src="x" onerror='a&b'>`)).toBe('&lt;img src=&quot;x&quot; onerror=&#39;a&amp;b&#39;&gt;');
});

describe('escapeMarkdown', () => {
  const render = (text: string): string[] => {
    const types: string[] = [];
    const visit = (node: { type: string; children?: unknown[] }): void => {
      types.push(node.type);
      for (const child of node.children ?? []) visit(child as { type: string });
    };
    visit(fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
    return types;
  };
  test.each([
    '**bold** _it_ `code` ~~gone~~',
    '[text](http://evil.test) ![i](x)',
    '<script>alert(1)</script> <!-- x -->',
    '# heading',
    '- item',
    '1. item',
    '+ item',
    '> quote',
    'see https://evil.test/a and www.evil.test and me@evil.test',
    'a | b\n--|--\nc | d',
    '```\ncode',
    '[ref]: http://x',
    '&lt;b&gt; &#64;',
    '---',
    '===',
  ])('renders %j as plain text', (text) => {
    expect(render(escapeMarkdown(text))).toEqual(['root', 'paragraph', 'text']);
  });
  test('breaks mentions and issue references', () => {
    expect(escapeMarkdown('@team #12')).not.toMatch(/@team|#12/);
  });
});

test('escapeXml survives a parser', () => {
  const text = `<a b="c">'&' \u0001 ]]>`;
  const parsed = new XMLParser({ ignoreAttributes: false }).parse(`<x y="${escapeXml(text)}">${escapeXml(text)}</x>`) as {
    x: { '#text': string; '@_y': string };
  };
  expect(parsed.x['#text']).toBe(`<a b="c">'&' [U+0001] ]]>`);
  expect(parsed.x['@_y']).toBe(parsed.x['#text']);
});

test('escapeWorkflowCommand keeps a message from starting a command', () => {
  expect(escapeWorkflowCommand('50% \r\n::set-env name=x::y')).toBe('50%25 %0D%0A::set-env name=x::y');
  expect(escapeWorkflowCommand('a:b,c', true)).toBe('a%3Ab%2Cc');
  expect(escapeWorkflowCommand('##[group]x')).not.toContain('##[');
});
