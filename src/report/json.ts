import type { Format } from './format.js';

/** The report itself: keys as the report holds them (the order of its schema), two spaces, a line feed at the end. */
export const json: Format = {
  name: 'json',
  extension: 'json',
  render: (report) => `${JSON.stringify(report, null, 2)}\n`,
};
