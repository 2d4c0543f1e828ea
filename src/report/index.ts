import { badge } from './badge.js';
import { csv } from './csv.js';
import type { Format } from './format.js';
import { github } from './github.js';
import { gitlab } from './gitlab.js';
import { page } from './html.js';
import { json } from './json.js';
import { junit } from './junit.js';
import { markdownSummary } from './markdown-summary.js';
import { markdown } from './markdown.js';
import { sarif } from './sarif.js';
import { terminal } from './terminal.js';

export type { Format, RenderOptions } from './format.js';

const list: readonly Format[] = [terminal, markdown, markdownSummary, page, json, sarif, junit, gitlab, github, badge, csv];

/** Every format by its name. A new one is one file and one line in the list. */
export const formats: ReadonlyMap<string, Format> = new Map(list.map((format) => [format.name, format]));
