import type { Format } from './format.js';

/** The report itself: keys as the report holds them (the order of its schema), two spaces, a line feed at the end. */
export const json: Format = {
  name: 'json',
  extension: 'json',
  render: (report) => jsonText(report),
};

/**
 * JSON of any value, the form of all formats that are JSON. Invisible and bidirectional characters are written as escapes,
 * which means the same to a parser and hides nothing from a reader.
 */
export function jsonText(value: unknown): string {
  const escaped = JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${escaped}\n`;
}
