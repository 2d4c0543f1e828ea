import type { Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { closing, splitTop } from '../syntax-text.js';
import { applyIndex, columnItem, foldedColumn, unquote } from './shared.js';

const table = '((?:[\\w"`\\[\\]]+\\.)?["`\\[]?\\w+["`\\]]?)';
const created = new RegExp(
  `\\bcreate\\s+(?:(?:global\\s+|local\\s+)?temp(?:orary)?\\s+|unlogged\\s+)?table\\s+(?:if\\s+not\\s+exists\\s+)?${table}\\s*\\(`,
  'gi',
);
const indexes = new RegExp(
  `\\bcreate\\s+(unique\\s+)?(?:clustered\\s+|nonclustered\\s+)?index\\s+(?:concurrently\\s+)?(?:if\\s+not\\s+exists\\s+)?(?:["\`\\[]?[\\w.]+["\`\\]]?\\s+)?on\\s+(?:only\\s+)?${table}\\s*(?:using\\s+\\w+\\s*)?\\(([^;]{1,300}?)\\)\\s*(?:;|where|include|with|$|\\n)`,
  'gi',
);
const altered = new RegExp(`\\balter\\s+table\\s+(?:if\\s+exists\\s+)?(?:only\\s+)?${table}\\s+([^;]{1,2000})`, 'gi');
const names = (list: string): string[] =>
  splitTop(list).map((p) => foldedColumn(p.text) ?? unquote(p.text.split(/\s/)[0]!.replace(/\(.*$/, '')));

/** CREATE TABLE, CREATE INDEX and ALTER TABLE of SQL scripts and migrations, in the order in which they stand. */
export const sql: Reader = {
  name: 'columns/sql',
  kind: 'columns',
  files: { paths: ['*.sql'], roles: ['product', 'config', 'script', 'other', 'generated'], variants: ['base', 'production'] },
  keywords: ['create table', 'alter table', 'create index', 'create unique index'],
  read(source) {
    const { code, path } = source;
    if (/(?:^|\/)(?:.*[-_.])?down\.sql$|\.undo\.sql$|rollback|(?:^|\/)(?:seed|dump|backup|queries|query)[^/]*\.sql$/i.test(path)) return {};
    const up = code.split(/--\s*\+goose\s+Down|--\s*migrate:down/i)[0]!;
    // InnoDB, HSQLDB and H2 make an index for each foreign key.
    const ownIndexes =
      /engine\s*=?\s*innodb|auto_increment|`\w+`/i.test(code) || /hsqldb|(?:^|[/_-])h2(?:[/_-]|\.)|mysql|mariadb/i.test(path);
    return { items: statements(source, up, ownIndexes) };
  },
};

/** A verbatim literal of C# may hold line ends; there a quote is doubled. */
const literals = /@"(?:[^"]|"")*"|`[^`]*`|"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
const ddl = /\b(?:create\s+(?:unique\s+)?(?:table|index)|alter\s+table|drop\s+table)\b/i;

/** The same statements in literals of programs that keep their schema in code. Everything around them is blanked, so that places stay. */
export const embeddedSql: Reader = {
  name: 'columns/embedded-sql',
  kind: 'columns',
  files: {
    languages: ['go', 'rust', 'javascript', 'typescript', 'python', 'csharp', 'java', 'kotlin'],
    roles: ['product'],
    variants: ['base', 'production'],
  },
  keywords: ['create table'],
  read(source) {
    const { code } = source;
    if (code.length > 400_000) return {};
    let text = '';
    const blank = (part: string) => part.replace(/[^\n]/g, ' ');
    for (const match of code.matchAll(literals)) {
      if (!ddl.test(match[0])) continue;
      const quotes = match[0].startsWith('"""') ? 3 : 1;
      const opening = match[0].startsWith('@') ? 2 : quotes;
      const inner = match[0].slice(opening, -quotes).replace(/--[^\n]*/g, blank);
      text += `${blank(code.slice(text.length, match.index + opening))}${inner};${' '.repeat(quotes - 1)}`;
    }
    const dropped = new Set([...text.matchAll(/\bdrop\s+table\s+(?:if\s+exists\s+)?["`[]?(\w+)/gi)].map((m) => m[1]!.toLowerCase()));
    // Statements that change earlier ones: the sum is only roughly right.
    const history = dropped.size > 0 || (text.match(/\balter\s+table\b/gi)?.length ?? 0) >= 12;
    const items = statements(source, text, /engine\s*=?\s*innodb|auto_increment/i.test(text));
    return {
      items: items
        .filter((item) => !dropped.has(String(item['table']).toLowerCase()))
        .map((item) => ({ ...item, framework: history ? 'embedded-history' : 'embedded' })),
    };
  },
};

function statements(source: Source, text: string, ownIndexes: boolean): Item[] {
  const items: Item[] = [];
  for (const match of text.matchAll(created)) {
    const open = match.index + match[0].length - 1;
    const end = closing(text, open, 40_000);
    if (end < 0) continue;
    items.push(...definitions(source, text.slice(open + 1, end), open + 1, unquote(match[1]!), ownIndexes));
  }
  for (const match of text.matchAll(altered)) alter(source, match[2]!, match.index, unquote(match[1]!), ownIndexes, items);
  for (const match of text.matchAll(indexes)) {
    const name = unquote(match[2]!);
    applyIndex(items, name, names(match[3]!), match[1] !== undefined);
    // The table may stand in another migration: the combiner joins them.
    if (!items.some((i) => i['table'] === name && i['name'] !== ''))
      items.push({
        ...columnItem(source, match.index, 'sql', { table: name, name: '' }),
        later: { kind: 'index', columns: names(match[3]!), unique: match[1] !== undefined },
      });
  }
  return items;
}

const constraintLine =
  /^(?:constraint\s+\S+\s+)?(primary\s+key|unique(?:\s+key|\s+index)?|foreign\s+key|key|index|fulltext\s+(?:key|index)|check|exclude|like|period)\b/i;

function definitions(source: Source, inner: string, offset: number, tableName: string, ownIndexes: boolean): Item[] {
  const items: Item[] = [];
  for (const part of splitTop(inner)) {
    const text = part.text.replace(/\s+/g, ' ');
    if (constraintLine.test(text)) {
      tableConstraint(text, tableName, items, ownIndexes);
      continue;
    }
    const item = columnOf(source, text, offset + part.offset, tableName, ownIndexes);
    if (item) items.push(item);
  }
  return items;
}

function columnOf(source: Source, text: string, offset: number, tableName: string, ownIndexes: boolean): Item | null {
  const match = /^(["`[]?\w+["`\]]?)\s+([\w]+(?:\s*\([^)]*\))?)/.exec(text);
  if (!match) return null;
  const name = unquote(match[1]!);
  const reference = /\breferences\s+((?:[\w"`[\]]+\.)?["`[]?\w+["`\]]?)/i.exec(text);
  const primary = /\bprimary\s+key\b/i.test(text) || /^(?:big)?serial primary/i.test(match[2]!);
  return columnItem(source, offset, 'sql', {
    table: tableName,
    name,
    type: match[2]!,
    primary,
    nullable: primary ? false : !/\bnot\s+null\b/i.test(text),
    unique: /\bunique\b/i.test(text),
    refers: reference !== null,
    references: reference ? unquote(reference[1]!) : '',
    constrained: reference !== null,
    indexed: reference !== null && ownIndexes,
  });
}

function tableConstraint(text: string, tableName: string, items: Item[], ownIndexes: boolean): void {
  const columns = names(/\(([^)]*)\)/.exec(text)?.[1] ?? '');
  const kind = constraintLine.exec(text)![1]!.toLowerCase();
  if (kind.startsWith('foreign')) {
    const target = unquote(/\breferences\s+((?:[\w"`[\]]+\.)?["`[]?\w+["`\]]?)/i.exec(text)?.[1] ?? '');
    for (const c of columns)
      mark(items, tableName, c, { refers: true, constrained: true, references: target, ...(ownIndexes ? { indexed: true } : {}) });
  } else if (kind.startsWith('primary')) {
    columns.forEach((c, i) =>
      mark(items, tableName, c, {
        nullable: false,
        primary: true,
        uniqueTogether: columns.length > 1,
        ...(columns.length === 1 ? { unique: true } : {}),
        ...(i === 0 ? { indexed: true } : {}),
      }),
    );
  } else if (/^(?:unique|key|index)/.test(kind)) applyIndex(items, tableName, columns, kind.startsWith('unique'));
}

function mark(items: Item[], tableName: string, name: string, change: object): void {
  const item = items.find((i) => i['table'] === tableName && String(i['name']).toLowerCase() === name.toLowerCase());
  if (item) Object.assign(item, change);
}

function alter(source: Source, body: string, offset: number, tableName: string, ownIndexes: boolean, items: Item[]): void {
  for (const part of splitTop(body)) {
    const text = part.text.replace(/\s+/g, ' ');
    const constraint = /^add\s+((?:constraint\s+\S+\s+)?(?:primary\s+key|unique|foreign\s+key|key|index)\b.*)$/i.exec(text)?.[1];
    const column =
      /^add\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?(?!constraint|primary|unique|foreign|key|index)(["`[]?\w+["`\]]?\s+\w+.*)$/i.exec(
        text,
      )?.[1];
    if (constraint) {
      if (items.some((i) => i['table'] === tableName && i['name'] !== '')) tableConstraint(constraint, tableName, items, ownIndexes);
      else
        items.push({
          ...columnItem(source, offset, 'sql', { table: tableName, name: '' }),
          later: { kind: 'constraint', text: constraint, ownIndexes },
        });
    } else if (column) {
      const item = columnOf(source, column, offset, tableName, ownIndexes);
      if (item) items.push(item);
    } else if (/^drop\s+(?:column\s+)?(?!constraint|index|foreign|primary|default)(?:if\s+exists\s+)?["`[]?(\w+)/i.test(text)) {
      const name = unquote(/^drop\s+(?:column\s+)?(?:if\s+exists\s+)?(["`[]?\w+["`\]]?)/i.exec(text)![1]!);
      const at = items.findIndex((i) => i['table'] === tableName && i['name'] === name);
      if (at >= 0) items.splice(at, 1);
    }
  }
}

/** Indexes and constraints that a later file adds to a table of an earlier one. */
export function joinLater(items: readonly Item[]): Item[] {
  const columns = items.filter((i) => i['name'] !== '').map((i) => ({ ...i }));
  for (const item of items) {
    const later = item['later'] as { kind: string; columns?: string[]; unique?: boolean; text?: string; ownIndexes?: boolean } | undefined;
    if (later?.kind === 'index') applyIndex(columns, String(item['table']), later.columns ?? [], later.unique === true);
    else if (later?.kind === 'constraint') tableConstraint(later.text!, String(item['table']), columns, later.ownIndexes === true);
  }
  return columns;
}
