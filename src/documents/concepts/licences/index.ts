import type { ConceptItem } from '../../../model/concepts.js';
import type { Combiner, Item, Json, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { record } from '../../json.js';

type Licence = ConceptItem<'licences'>;

const item = (path: string, line: number, rest: Partial<Licence>): Item =>
  ({ path, line, source: 'file', id: '', placeholder: false, contradicts: '', ...rest }) as unknown as Item;

/** Texts by which licences are known, in the order in which they are tried; ids are those of SPDX without "-only" and "-or-later". */
const texts: readonly [string, RegExp][] = [
  ['AGPL-3.0', /gnu affero general public license\s+version 3/i],
  ['LGPL-3.0', /gnu lesser general public license\s+version 3/i],
  ['LGPL-2.1', /gnu lesser general public license\s+version 2\.1/i],
  ['GPL-3.0', /gnu general public license\s+version 3/i],
  ['GPL-2.0', /gnu general public license\s+version 2/i],
  ['Apache-2.0', /apache license,?\s+version 2\.0/i],
  ['MPL-2.0', /mozilla public license,?\s+version 2\.0/i],
  ['EPL-2.0', /eclipse public license\s+-?\s*v(?:ersion)?\s*2\.0/i],
  ['EUPL-1.2', /european union public licence\s+v(?:ersion)?\.?\s*1\.2/i],
  ['BUSL-1.1', /business source license 1\.1/i],
  ['Elastic-2.0', /elastic license 2\.0/i],
  ['SSPL-1.0', /server side public license/i],
  ['BSL-1.0', /boost software license/i],
  ['CC0-1.0', /cc0 1\.0 universal/i],
  ['CC-BY', /creative commons|attribution 4\.0 international/i],
  ['Unlicense', /this is free and unencumbered software released into the public domain/i],
  ['ISC', /permission to use, copy, modify, and(?:\/or)? distribute this software for any\s+purpose/i],
  ['BSD-3-Clause', /redistribution and use in source and binary forms[^]{0,1500}neither the name/i],
  ['BSD-2-Clause', /redistribution and use in source and binary forms/i],
  ['MIT', /permission is hereby granted, free of charge|\bmit license\b/i],
  ['WTFPL', /do what the fuck you want to/i],
  ['Zlib', /this software is provided 'as-is', without any express or implied/i],
  ['OSL-3.0', /open software license/i],
  // A notice that names a GNU licence and where its text is, as the licences themselves advise.
  ['AGPL-3.0', /licensed under [^.]{0,60}?\bagpl[- ]?v?3/i],
  ['LGPL-3.0', /licensed under [^.]{0,60}?\blgpl[- ]?v?3/i],
  ['GPL-3.0', /licensed under [^.]{0,60}?\bgpl[- ]?v?3/i],
  ['GPL-2.0', /licensed under [^.]{0,60}?\bgpl[- ]?v?2/i],
  ['proprietary', /all rights reserved|proprietary|confidential|licen[cs]e agreement|terms and conditions|sustainable use|fair[- ]source/i],
];

/** Blanks of templates; the appendix of Apache and GNU texts holds such as well and is meant to. */
const blanks =
  /\[(?:year|yyyy|fullname|name of copyright owner|your name)\]|<(?:year|copyright holders?|name|owner)>|\{\{?\s*(?:year|fullname|name|organization)\s*\}?\}/i;
const short = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Zlib']);

const files: Reader = {
  name: 'licences/files',
  kind: 'licences',
  files: {
    paths: [
      '**/{LICENSE,LICENCE,COPYING,UNLICENSE,License,Licence,license,licence,MIT-LICENSE}',
      '**/{LICENSE,LICENCE,COPYING,UNLICENSE,License,Licence,license,licence,MIT-LICENSE}[.-]*',
      'LICENSES/*',
    ],
    except: ['**/*.{py,js,ts,go,java,rb,php,cs,rs,json,yml,yaml,tsx,jsx,xml,html,css,svg,png}'],
    roles: ['docs', 'other', 'config', 'product', 'template'],
  },
  read(source) {
    const text = source.text.slice(0, 40_000);
    const id = texts.find(([, pattern]) => pattern.test(text))?.[0] ?? '';
    const blank = short.has(id) ? blanks.exec(text) : null;
    return { items: [item(source.path, blank ? source.at(blank.index).line : 1, { id, placeholder: blank !== null })] };
  },
};

/** Where manifests say it: one pattern a kind of file, the licence in the first group that matched. */
const manifestPatterns: readonly [RegExp, RegExp][] = [
  [/Cargo\.toml$/, /^license\s*=\s*"([^"\n]{1,80})"/m],
  [/pyproject\.toml$/, /^license\s*=\s*(?:"([^"\n]{1,80})"|\{\s*text\s*=\s*"([^"\n]{1,80})")/m],
  [/setup\.(?:py|cfg)$/, /^\s*license\s*=\s*["']?([^"'\n,]{1,80})/m],
  [/\.gemspec$/, /\.licenses?\s*=\s*\[?\s*["']([^"'\n]{1,80})/m],
  [/pom\.xml$/, /<license>\s*<name>([^<\n]{1,80})/],
  [/\.(?:csproj|props)$/, /<PackageLicenseExpression>([^<\n]{1,80})/],
];

/** package.json and composer.json: the top level alone, however it is laid out. */
function fromJson(source: Source): Item[] {
  let said: Json | undefined;
  try {
    said = record(JSON.parse(source.text) as Json).license;
  } catch {
    // What is no JSON is a problem of the reader of that format.
    return [];
  }
  const id = typeof said === 'string' ? said : Array.isArray(said) ? said.map(String).join(' OR ') : String(record(said).type ?? '');
  if (id.trim() === '') return [];
  const at = source.text.indexOf('"license"');
  return [item(source.path, source.at(Math.max(0, at)).line, { source: 'manifest', id: id.trim().slice(0, 80) })];
}

const manifests: Reader = {
  name: 'licences/manifests',
  kind: 'licences',
  files: {
    paths: [
      'package.json',
      'composer.json',
      'Cargo.toml',
      'pyproject.toml',
      'setup.py',
      'setup.cfg',
      '*.gemspec',
      'pom.xml',
      '*.csproj',
      '*.props',
    ],
    roles: ['config', 'product', 'script'],
  },
  keywords: ['licen'],
  read(source) {
    if (source.path.endsWith('.json')) return { items: fromJson(source) };
    const pattern = manifestPatterns.find(([name]) => name.test(source.path))?.[1];
    const match = pattern?.exec(source.text);
    const id = (match?.[1] ?? match?.[2] ?? '').trim();
    return match && id
      ? { items: [item(source.path, source.at(match.index + match[0].length - 1).line, { source: 'manifest', id })] }
      : { items: [] };
  },
};

export const licenceReaders: readonly Reader[] = [files, manifests];

const familyOf = (expression: string): string[] => {
  const text = expression.toLowerCase().replace(/[\s,_-]+/g, ' ');
  const known: readonly [RegExp, string][] = [
    [/agpl|affero/, 'AGPL'], [/lgpl|lesser/, 'LGPL'], [/\bgpl|(?<!affero |lesser )general public/, 'GPL'], [/apache/, 'Apache'], [/mpl|mozilla/, 'MPL'],
    [/epl|eclipse/, 'EPL'], [/eupl/, 'EUPL'], [/busl|business source/, 'BUSL'], [/elastic/, 'Elastic'], [/sspl/, 'SSPL'], [/\bbsl|boost/, 'BSL'],
    [/cc0/, 'CC0'], [/cc by/, 'CC-BY'], [/unlicense(?!d)/, 'Unlicense'], [/\bisc\b/, 'ISC'], [/bsd/, 'BSD'], [/\bmit\b|expat/, 'MIT'], [/wtfpl/, 'WTFPL'], [/zlib/, 'Zlib'], [/osl/, 'OSL'],
    // npm's word for no licence at all, which no text of an open one agrees with.
    [/\bunlicensed\b/, 'none'],
  ]; // prettier-ignore
  return known.filter(([pattern]) => pattern.test(text)).map(([, name]) => name);
};

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

/** Says of each manifest whether it contradicts the licence files of the nearest folder above that has one. */
export const licencesCombiner: Combiner = {
  kind: 'licences',
  combine(items) {
    const byFolder = new Map<string, string[]>();
    for (const i of items)
      if (i.source === 'file') byFolder.set(folderOf(i.path), [...(byFolder.get(folderOf(i.path)) ?? []), String(i.id)]);
    const root = byFolder.get('LICENSES');
    if (root) byFolder.set('', [...(byFolder.get('') ?? []), ...root]);
    return items.map((i) => {
      if (i.source !== 'manifest') return i;
      let folder = folderOf(i.path);
      while (!byFolder.has(folder) && folder !== '') folder = folderOf(folder);
      const ids = byFolder.get(folder) ?? [];
      const said = familyOf(String(i.id));
      // A licence of the vendor's own, or a text that nobody recognises, agrees with what cannot be compared.
      if (said.length === 0 || ids.length === 0 || ids.some((id) => id === '' || id === 'proprietary')) return i;
      const there = ids.flatMap(familyOf);
      return said.some((family) => there.includes(family)) ? i : { ...i, contradicts: ids.join(', ') };
    });
  },
};
