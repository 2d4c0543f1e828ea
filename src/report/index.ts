import type { Format } from './format.js';
import { page } from './html.js';
import { json } from './json.js';
import { markdown } from './markdown.js';
import { terminal } from './terminal.js';

export type { Format, RenderOptions } from './format.js';

const list: readonly Format[] = [terminal, markdown, page, json];

/** Every format by its name. A new one is one file and one line in the list. */
export const formats: ReadonlyMap<string, Format> = new Map(list.map((format) => [format.name, format]));
