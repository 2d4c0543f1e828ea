import type { ConceptItem } from '../../../model/concepts.js';
import type { Combiner, Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { closing } from '../syntax-text.js';

type TableDoc = ConceptItem<'table-docs'>;

/** Where a model or table begins, by language; the first group is its name. */
const starts: Readonly<Record<string, RegExp>> = {
  python: /^class (\w+)\s*\([^)\n]{1,200}\)\s*:/gm,
  java: /\bclass (\w+)\b[^{;\n]{0,200}\{?/g,
  kotlin: /\bclass (\w+)\b/g,
  csharp: /\bclass (\w+)\b/g,
  typescript: /\bclass (\w+)\b[^{\n]{0,200}\{/g,
  go: /^type (\w+) struct\b/gm,
  ruby: /^\s*class (\w+)\s*<\s*(?:ApplicationRecord|ActiveRecord::Base)/gm,
  php: /\bclass (\w+)\b/g,
  rust: /\bpub struct (\w+)\b/g,
};

/** A comment right above (over annotations), or a docstring right below, that says something. */
function describedAt(source: Source, index: number, length: number): boolean {
  if (source.file.language === 'python')
    return (
      /^\s*(?:[rR]?"""|[rR]?''')\s*\S|^[^\n]*\n\s+(?:[rR]?"""|[rR]?''')\s*\S/.test(
        source.text.slice(index + length, index + length + 400),
      ) || /\b(?:help_text|comment)\s*=\s*["'(]/.test(source.text.slice(index, index + 1_500).split(/\nclass /)[0]!)
    );
  const lines = source.text.slice(0, index).split('\n');
  lines.pop();
  for (let i = lines.length - 1; i >= Math.max(0, lines.length - 25); i--) {
    const line = lines[i]!.trim();
    // An empty line between a block comment and the annotations is usual.
    if (line === '' && /\*\/\s*$/.test(lines[i - 1] ?? '')) continue;
    if (/^(?:@\w|\[\w|#\[|\)|"|\w+\s*=)/.test(line) || /^[\w"' ,.=()]*\)$/.test(line)) continue;
    if (/\*\/$|^\/\/\/|^\/\/ ?\w|^#\s*\w|^\*/.test(line)) {
      const words = lines
        .slice(Math.max(0, i - 12), i + 1)
        .join(' ')
        .split(/\/\*\*/)
        .at(-1)!
        .replace(/\* @(?:author|since|see|version|param)\b[^*]*/g, ' ')
        .match(/[A-Za-z]{2,}/g);
      return (words ?? []).length >= 2;
    }
    return false;
  }
  return false;
}

/** The table's name where a model gives it another one than its own. */
function aliasOf(source: Source, index: number): string {
  const before = source.code
    .slice(Math.max(0, index - 300), index)
    .split(/\bclass \w/)
    .at(-1)!;
  const after = source.code.slice(index, index + 600).split(/\n(?:class|public class|type) /)[0]!;
  return (
    /(?:@Table\s*\([^)]*?name\s*=\s*|\[Table\(|@Entity\(\s*(?:\{[^}]*?name:\s*)?)["'`](\w+)/.exec(before)?.[1] ??
    /(?:__tablename__|db_table|\$table|table_name)\s*=\s*["'](\w+)/.exec(after)?.[1] ??
    ''
  );
}

const models: Reader = {
  name: 'table-docs/models',
  kind: 'table-docs',
  files: { languages: ['python', 'java', 'kotlin', 'csharp', 'typescript', 'go', 'ruby', 'php', 'rust'], roles: ['product'] },
  keywords: ['models.', 'Model', 'Base', 'Entity', 'Column', 'gorm', 'DbSet', 'ORM', 'diesel', 'Record'],
  read(source) {
    const pattern = starts[source.file.language ?? ''];
    if (!pattern) return {};
    const items = [...source.code.matchAll(pattern)].slice(0, 200).map((m) => {
      const index = m.index + (/^\s*/.exec(m[0])?.[0].length ?? 0);
      return {
        path: source.path,
        line: source.at(index).line,
        name: m[1]!,
        alias: aliasOf(source, index),
        described: describedAt(source, index, m[0].length),
      } as Item;
    });
    return { items };
  },
};

const created = /\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?(?:["`]?\w{1,64}["`]?\.)?["`]?(\w{1,64})["`]?\s*\(/gi;

/** MySQL says what a table is for behind its columns. */
function commented(source: Source): { name: string; index: number }[] {
  return [...source.text.matchAll(created)].flatMap((m) => {
    const end = closing(source.text, m.index + m[0].length - 1, 40_000);
    const options = end < 0 ? '' : source.text.slice(end + 1, end + 500).split(';')[0]!;
    return /\bcomment\s*=?\s*'[^'\s]/i.test(options) ? [{ name: m[1]!, index: m.index }] : [];
  });
}

const declared: Reader = {
  name: 'table-docs/schemas',
  kind: 'table-docs',
  files: { paths: ['*.prisma', '*.sql', '*.dbml', 'db/schema.rb'], roles: ['product', 'config', 'other', 'script', 'generated', 'docs'] },
  keywords: ['model ', 'comment on table', 'comment:', 'Table ', 'comment=', 'comment =', "comment '"],
  read(source) {
    const items: Item[] = [];
    const add = (name: string, index: number, described: boolean) =>
      void items.push({ path: source.path, line: source.at(index).line, name, described } as Item);
    if (source.path.endsWith('.prisma'))
      for (const m of source.text.matchAll(/((?:^[ \t]*\/\/[^\n]*\n)*)^model (\w+)\s*\{([^}]*)/gm))
        add(m[2]!, m.index + m[1]!.length, /\/\/\/\s*\w/.test(m[1]! + m[3]!));
    else if (source.path.endsWith('.dbml')) for (const m of source.text.matchAll(/^\s*Table\s+"?(\w+)/gm)) add(m[1]!, m.index, true);
    else
      for (const m of source.text.matchAll(/comment on table\s+(?:\w+\.)?["`]?(\w+)|create_table\s+"(\w+)"[^\n]*comment:/gi))
        add(m[1] ?? m[2]!, m.index, true);
    if (source.path.endsWith('.sql')) for (const table of commented(source)) add(table.name, table.index, true);
    return { items: items.slice(0, 500) };
  },
};

export const tableDocReaders: readonly Reader[] = [models, declared];

/** `order_items`, `OrderItem`, `"OrderItems"` are one. */
const plain = (name: string): string =>
  name
    .replace(/[^a-z0-9]/gi, '')
    .toLowerCase()
    .replace(/ies$/, 'y')
    .replace(/(?:(s|x|ch|sh)es|s)$/, '$1');

/** Headings of sections that describe tables; how to set a database up or fill it is another subject. */
const aboutTables =
  /(?:database|db)[ -]?(?:schema|structure|model|design|tables|diagram|layout|documentation)|\bschema\b|data ?model|\berd\b|entity[- ]relation|(?:^|> )(?:the )?(?:database|entities|tables)$/;

/** `blog_tag` and `blog_article` are the tables `tag` and `article` with what the software puts before each name. */
function withoutPrefix(written: readonly string[], tables: ReadonlyMap<string, Item>): string[] {
  const found = new Map<string, Set<string>>();
  for (const word of written) {
    const [, prefix, name] = /^([A-Za-z][A-Za-z0-9]{1,15}_)(\w+)$/.exec(word) ?? [];
    if (prefix && name && tables.has(plain(name))) found.set(prefix, (found.get(prefix) ?? new Set()).add(plain(name)));
  }
  return [...found.values()].filter((names) => names.size >= 2).flatMap((names) => [...names]);
}

/** One item a table that models, schemas or migrations define, with whether anything says what it is. */
export const tableDocsCombiner: Combiner = {
  kind: 'table-docs',
  uses: ['columns', 'prose'],
  combine(items, all) {
    const tables = new Map<string, Item>();
    for (const column of all.items('columns'))
      if (['base', 'production'].includes(String(column.variant)) && !tables.has(plain(String(column.table))))
        tables.set(plain(String(column.table)), column);
    const described = new Set<string>();
    const byPath = new Map<string, Item[]>();
    for (const i of items) {
      if (i.described === true) described.add(plain(String(i.alias || i.name)));
      byPath.set(i.path, [...(byPath.get(i.path) ?? []), i]);
    }
    const about = all
      .items('prose')
      .filter(
        (s) =>
          aboutTables.test(String(s.headings)) ||
          /^(?:database|schema|erd?|(?:data|db|database)[-_]?(?:model|schema|structure))$/.test(String(s.document)) ||
          /erDiagram|^\s*Table \w+ \{/m.test(String(s.code)),
      );
    const written = about.flatMap((s) => `${String(s.text)} ${String(s.code)}`.split(/[^A-Za-z0-9_]+/));
    const words = new Set([...written.map(plain), ...withoutPrefix(written, tables)]);
    const picture = all.files.some((f) =>
      /(?:^|[/_.-])(?:erd(?![a-z])|er[-_]?diagram|entity[-_]relationship|db[-_]?schema|database[-_]?(?:schema|diagram|model)|data[-_]?model|schemaspy|tbls)[^/]{0,40}\.(?:png|svg|jpe?g|webp|pdf|drawio|puml|mmd|dbml|html)$/i.test(
        f.path,
      ),
    );
    return [...tables].slice(0, 500).map(([key, column]) => {
      // A table's own name may differ from its class: the class that its columns stand in.
      const within = (byPath.get(column.path) ?? []).filter((i) => i.line <= column.line).sort((a, b) => b.line - a.line)[0];
      return {
        path: column.path,
        line: column.line,
        table: String(column.table),
        described: described.has(key) || within?.described === true || words.has(key) || picture,
        variant: 'base',
      } satisfies TableDoc as unknown as Item;
    });
  },
};
