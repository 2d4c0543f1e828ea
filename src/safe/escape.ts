/* eslint-disable no-control-regex */

/** ANSI sequences: CSI (colours, cursor) and terminated OSC (titles, links); everything else of ESC is shown as a code point. */
const ansi = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g;
/** Controls except tab and line feed, bidirectional overrides and isolates, zero-width and tag characters, non-characters. */
const invisible =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]|\p{Surrogate}|[\u{e0000}-\u{e007f}]/gu;

/** Separates what would otherwise be a mention, a link or a command, without showing. */
const joiner = '\u2060';

/**
 * Text without anything that acts on a terminal or hides from a reader: ANSI sequences are removed, other control,
 * bidirectional and invisible characters become visible (`[U+202E]`). Tabs and line feeds stay, CR LF becomes LF.
 */
export function stripControl(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(ansi, '')
    .replace(invisible, (c) => `[U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`);
}

/** `text` as one line: no control characters, runs of white space as one space, trimmed. */
export function oneLine(text: string): string {
  return stripControl(text.replace(/[\r\u2028\u2029]/g, '\n'))
    .replace(/\s+/g, ' ')
    .trim();
}

/** For HTML text and quoted attributes. */
export function escapeHtml(text: string): string {
  return stripControl(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/**
 * For inline GitHub-flavoured Markdown: one line that renders as the text itself, table cells included. Emphasis, code, links,
 * images and HTML are escaped; mentions, issue references and bare URLs, which GitHub recognises after rendering, are broken
 * up by an invisible word joiner.
 */
export function escapeMarkdown(text: string): string {
  return (
    oneLine(text)
      // Parentheses and exclamation marks mean something only beside brackets, which are escaped; underscores only at the edge of a word.
      .replace(/[\\`*[\]#|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\$&')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/^([-+=])/, '\\$1')
      .replace(/^(\d+)([.)])/, '$1\\$2')
      .replace(/@(?=\w)/g, `@${joiner}`)
      .replace(/#(?=\d)/g, `#${joiner}`)
      .replace(/:(?=\/\/)/g, `:${joiner}`)
      .replace(/\b(www|mailto|xmpp)(?=[.:])/gi, `$1${joiner}`)
  );
}

/** For XML 1.0 text and quoted attributes; characters that XML cannot hold are made visible. */
export function escapeXml(text: string): string {
  return stripControl(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&apos;');
}

/**
 * For the message of a GitHub workflow command (`::error file=..::message`); `property` for the values before the message.
 * Source: escapeData and escapeProperty of actions/toolkit, plus the older `##[command]` form, which may stand anywhere.
 */
export function escapeWorkflowCommand(text: string, property = false): string {
  const data = text
    .replace(ansi, '')
    .replace(/##\[/g, `##${joiner}[`)
    .replace(/%/g, '%25')
    .replace(/\r/g, '%0D')
    .replace(/\n/g, '%0A')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
  return property ? data.replace(/:/g, '%3A').replace(/,/g, '%2C') : data;
}
