import type { Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { argument, closing, parseArguments } from '../syntax-text.js';
import { applyIndex, columnItem, type Column } from './shared.js';

interface Klass {
  readonly name: string;
  readonly bases: string;
  readonly body: string;
  /** Offset of the body in the file. */
  readonly start: number;
}

/** Top-level and nested classes with their indented bodies. */
function classesOf(code: string): Klass[] {
  const classes: Klass[] = [];
  for (const head of code.matchAll(/^([ \t]*)class\s+(\w+)\s*(?:\(([^)]{0,500})\))?\s*:/gm)) {
    const start = head.index + head[0].length;
    const indent = head[1]!.length;
    const rest = code.slice(start, start + 60_000);
    const end = new RegExp(`\\n(?=[ \\t]{0,${indent}}\\S)`).exec(rest);
    classes.push({ name: head[2]!, bases: head[3] ?? '', body: end ? rest.slice(0, end.index) : rest, start });
  }
  return classes;
}

const fieldLine = /^[ \t]+(\w+)\s*(?::\s*([^=\n]{1,200}?))?\s*=\s*((?:\w+\.)*)(\w+)\s*\(/gm;
const truth = (inner: readonly ReturnType<typeof parseArguments>[number][], name: string): boolean =>
  argument(inner, name)?.text === 'True';

/** Fields that the classes of the same file hand down, nearest first. */
function inherited(klass: Klass, all: readonly Klass[], seen = new Set<string>()): Klass[] {
  seen.add(klass.name);
  const bases = klass.bases.split(',').map((b) => b.trim().split('.').at(-1)!);
  return [klass, ...bases.flatMap((b) => (seen.has(b) ? [] : all.filter((k) => k.name === b).flatMap((k) => inherited(k, all, seen))))];
}

/** Django models: every ForeignKey is a constraint with an index unless it says otherwise. */
export const django: Reader = {
  name: 'columns/django',
  kind: 'columns',
  files: { languages: ['python'], roles: ['product'], variants: ['base', 'production'] },
  keywords: ['models.'],
  read(source) {
    const { code, path } = source;
    if (/(?:^|\/)migrations\//.test(path) || !/\bmodels\.\w+(?:Field|Key)\s*\(/.test(code)) return {};
    const classes = classesOf(code);
    const items: Item[] = [];
    for (const klass of classes) {
      if (/\babstract\s*=\s*True/.test(klass.body) || /Serializer|Form\b|Migration|Manager|Filter/.test(klass.bases)) continue;
      for (const owner of inherited(klass, classes)) items.push(...djangoFields(source, owner, klass.name));
      applyMeta(items, klass);
    }
    return { items };
  },
};

function djangoFields(source: Source, owner: Klass, table: string): Item[] {
  const items: Item[] = [];
  for (const match of owner.body.matchAll(fieldLine)) {
    const type = match[4]!;
    if (!/(?:Field|ForeignKey)$/.test(type) || /ManyToMany|GenericRelation|GenericForeignKey|^Form/.test(type)) continue;
    const open = match.index + match[0].length - 1;
    const end = closing(owner.body, open);
    if (end < 0) continue;
    const inner = parseArguments(owner.body.slice(open + 1, end));
    const relation = /^(?:ForeignKey|OneToOneField|ParentalKey|TreeForeignKey)$/.test(type);
    const off = argument(inner, 'db_constraint')?.text === 'False';
    const column: Column = {
      table,
      name: match[1]!,
      type,
      primary: truth(inner, 'primary_key') || type.endsWith('AutoField'),
      nullable: truth(inner, 'null'),
      unique: truth(inner, 'unique') || type === 'OneToOneField',
      refers: relation,
      references: relation ? (argument(inner, 'to', 0)?.text.replace(/['"]/g, '').split('.').at(-1) ?? '') : '',
      constrained: relation && !off,
      constraintOff: relation && off,
      indexed: (relation && argument(inner, 'db_index')?.text !== 'False') || truth(inner, 'db_index') || type === 'SlugField',
      indexDeclared: truth(inner, 'db_index') || type === 'SlugField',
    };
    items.push(columnItem(source, owner.start + match.index + match[0].indexOf(match[1]!), 'django', column));
  }
  return items;
}

function applyMeta(items: readonly Item[], klass: Klass): void {
  const names = (text: string): string[] => [...text.matchAll(/['"]-?(\w+)['"]/g)].map((m) => m[1]!);
  for (const m of klass.body.matchAll(/unique_together\s*=\s*([([][^\n]*(?:\n[^\n=]*){0,6}?[)\]])\s*$/gm))
    for (const group of m[1]!.includes('((') || /[([]\s*\n?\s*[([]/.test(m[1]!) ? (m[1]!.match(/[([][^()[\]]*[)\]]/g) ?? []) : [m[1]!])
      applyIndex(items, klass.name, names(group), true);
  for (const m of klass.body.matchAll(/UniqueConstraint\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g))
    applyIndex(items, klass.name, names(/fields\s*=\s*[([]([^)\]]*)/.exec(m[1]!)?.[1] ?? ''), true);
  for (const m of klass.body.matchAll(/\bIndex\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g))
    applyIndex(items, klass.name, names(/fields\s*=\s*[([]([^)\]]*)/.exec(m[1]!)?.[1] ?? ''), false);
}

/** SQLAlchemy (declarative, Flask) and SQLModel tables. */
export const sqlalchemy: Reader = {
  name: 'columns/sqlalchemy',
  kind: 'columns',
  files: { languages: ['python'], roles: ['product'], variants: ['base', 'production'] },
  keywords: ['Column(', 'mapped_column', 'table=True', 'Mapped['],
  read(source) {
    const { code, path } = source;
    if (/(?:^|\/)(?:alembic|migrations)\//.test(path)) return {};
    const classes = classesOf(code);
    const items: Item[] = [];
    for (const klass of classes) {
      const model = /\btable\s*=\s*True/.test(klass.bases);
      if (!model && !/__tablename__|\bColumn\s*\(|mapped_column\s*\(|:\s*(?:orm\.)?Mapped\[/.test(klass.body)) continue;
      if (/__abstract__\s*=\s*True/.test(klass.body) || !klass.bases) continue;
      for (const owner of inherited(klass, classes)) items.push(...alchemyFields(source, owner, klass.name, model));
      for (const m of klass.body.matchAll(/\b(UniqueConstraint|Index)\s*\(([^()]*)\)/g)) {
        const names = [...m[2]!.matchAll(/(?<!name\s*=\s*)['"](\w+)['"]/g)].map((n) => n[1]!);
        applyIndex(
          items,
          klass.name,
          m[1] === 'Index' ? names.slice(1) : names,
          m[1] === 'UniqueConstraint' || /unique\s*=\s*True/.test(m[2]!),
        );
      }
    }
    return { items };
  },
};

const annotated = /^[ \t]+(\w+)\s*:\s*((?:\w+\.)*Mapped\[[^\n]{1,200}\]|[^=\n#]{1,120}?)\s*(?:=\s*[^\n]*)?$/gm;

function alchemyFields(source: Source, owner: Klass, table: string, model: boolean): Item[] {
  const items: Item[] = [];
  const seen = new Set<string>();
  for (const match of owner.body.matchAll(fieldLine)) {
    const call = match[4]!;
    if (!/^(?:Column|mapped_column|Field)$/.test(call) || (call === 'Field' && !model)) continue;
    const open = match.index + match[0].length - 1;
    const end = closing(owner.body, open);
    if (end < 0) continue;
    const text = owner.body.slice(open + 1, end);
    const inner = parseArguments(text);
    const annotation = match[2] ?? '';
    const optional = /Optional\[|\bNone\b/.test(annotation);
    const target = /ForeignKey\s*\(\s*['"]?([\w.]+)/.exec(text)?.[1] ?? /foreign_key\s*=\s*['"]([\w.]+)/.exec(text)?.[1];
    const stated = argument(inner, 'nullable')?.text;
    seen.add(match[1]!);
    items.push(
      columnItem(source, owner.start + match.index + match[0].indexOf(match[1]!), 'sqlalchemy', {
        table,
        name: match[1]!,
        type: annotation.trim() || (inner.find((a) => a.name === '')?.text.slice(0, 40) ?? ''),
        primary: truth(inner, 'primary_key'),
        nullable: truth(inner, 'primary_key')
          ? false
          : stated === 'False'
            ? false
            : stated === 'True'
              ? true
              : annotation
                ? optional
                : true,
        unique: truth(inner, 'unique'),
        indexed: truth(inner, 'index'),
        indexDeclared: truth(inner, 'index'),
        refers: target !== undefined || refersByName(match[1]!, annotation),
        references: target?.split('.')[0] ?? '',
        constrained: target !== undefined,
      }),
    );
  }
  for (const match of owner.body.matchAll(annotated)) {
    const name = match[1]!;
    const mapped = /Mapped\[/.test(match[2]!);
    if (
      seen.has(name) ||
      (!mapped && !model) ||
      /relationship|Relationship|List\[|list\[|ClassVar/.test(match[0]) ||
      /^(?:model_config|Config|class|def|return)$/.test(name)
    )
      continue;
    if (mapped && /=\s*(?!mapped_column)/.test(match[0])) continue;
    seen.add(name);
    items.push(
      columnItem(source, owner.start + match.index + match[0].indexOf(name), 'sqlalchemy', {
        table,
        name,
        type: match[2]!.trim(),
        nullable: /Optional\[|\bNone\b/.test(match[2]!),
      }),
    );
  }
  return items;
}

const refersByName = (name: string, type: string): boolean =>
  name.endsWith('_id') &&
  !/(?:external|stripe|google|github|session|request|trace|device|client|customer|payment|tracking|message|file|public|transaction|telegram|chat|discord|slack|tax|national|correlation|job|task|run|api|auth|oauth|provider|account_sid)_id$/.test(
    name,
  ) &&
  !/\bstr\b/.test(type);
