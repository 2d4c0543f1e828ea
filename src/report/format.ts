import type { Report } from '../model/report.js';

/** How a format may render. Formats that are files of their own ignore all of it. */
export interface RenderOptions {
  readonly color: boolean;
  /** Columns, 36 or more. */
  readonly width: number;
  /** Every finding with its evidence, not only the worst. */
  readonly verbose: boolean;
  /** Block and star characters; false: ASCII. Default: true. */
  readonly unicode?: boolean;
}

/** One rendering of a report: pure, the same report gives the same text. */
export interface Format {
  readonly name: string;
  /** Of a file that holds it, without a dot. */
  readonly extension: string;
  render(report: Report, options: RenderOptions): string;
}
