import type { Item, Reader } from '../../../model/document.js';
import { closing, findCalls, parseArguments } from '../syntax-text.js';
import { applyTableKeys } from './drizzle-keys.js';
import { applyIndex, columnItem, unquote, foldedColumn } from './shared.js';
import { columnOf, shareJoinColumns, type Property } from './typeorm-joins.js';

const quoted = (text: string): string[] => [...text.matchAll(/[:'"](\w+)['"]?/g)].map((m) => m[1]!);

/** The columns of an index of Rails, one expression of a column included. */
const indexed = (text: string): string[] => {
  const column = foldedColumn(text.replace(/^["']/, ''));
  return column === undefined ? quoted(text) : [column];
};

/** Rails: db/schema.rb, and migrations where there is none. */
export const rails: Reader = {
  name: 'columns/rails',
  kind: 'columns',
  files: { paths: ['db/schema.rb', '**/db/schema.rb', '**/db/migrate/*.rb'], roles: ['product', 'config', 'script', 'generated', 'other'] },
  keywords: ['create_table', 'add_foreign_key', 'add_index', 'add_reference', 'add_column'],
  read(source) {
    const { code } = source;
    const framework = source.path.endsWith('schema.rb') ? 'rails-schema' : 'rails-migration';
    const items: Item[] = [];
    for (const head of code.matchAll(/\bcreate_table\s*\(?\s*[:"'](\w+)["']?([^\n]*)\bdo\s*\|\s*(\w+)\s*\|/g)) {
      const start = head.index + head[0].length;
      const end = code.slice(start).search(/^\s*end\b/m);
      const body = code.slice(start, end < 0 ? start + 20_000 : start + end);
      const table = head[1]!;
      if (!/id:\s*false/.test(head[2]!))
        items.push(columnItem(source, head.index, framework, { table, name: 'id', type: 'id', primary: true }));
      for (const line of body.matchAll(/^\s*\w+\.(\w+)\s*\(?\s*([^\n]*)$/gm)) {
        const type = line[1]!;
        const rest = line[2]!;
        const offset = start + line.index + line[0].length - line[0].trimStart().length;
        if (type === 'index' || type === 'timestamps' || type === 'check_constraint' || type === 'foreign_key') continue;
        const relation = type === 'references' || type === 'belongs_to';
        for (const name of [...(/^((?:[:"']\w+["']?\s*,\s*)*[:"']\w+["']?)/.exec(rest)?.[1]!.matchAll(/[:"'](\w+)/g) ?? [])].map(
          (m) => m[1]!,
        )) {
          const column = relation ? `${name}_id` : name;
          const ruled = relation && /foreign_key:\s*(?:true|\{)/.test(rest);
          items.push(
            columnItem(source, offset, framework, {
              table,
              name: column,
              type,
              nullable: !/null:\s*false/.test(rest),
              refers: relation || (name.endsWith('_id') && /integer|bigint|uuid/.test(type)),
              constrained: ruled,
              references: relation ? name : name.replace(/_id$/, ''),
              unique: /\bunique:\s*true/.test(rest),
              indexed: (relation && !/index:\s*false/.test(rest)) || /index:\s*(?:true|\{)/.test(rest),
              indexDeclared: /index:\s*(?:true|\{)/.test(rest),
            }),
          );
        }
      }
      for (const line of body.matchAll(/^\s*\w+\.index\s*\(?\s*(\[[^\]]*\]|["'](?:lower|upper)\([^"'\n]*["']|[:"']\w+["']?)([^\n]*)$/gm))
        applyIndex(items, table, indexed(line[1]!), /unique:\s*true/.test(line[2]!));
    }
    const later = (table: string, change: object, offset: number) =>
      items.push({ ...columnItem(source, offset, framework, { table, name: '' }), amends: change as never });
    for (const m of code.matchAll(
      /^\s*add_index\s*\(?\s*[:"'](\w+)["']?\s*,\s*(\[[^\]]*\]|["'](?:lower|upper)\([^"'\n]*["']|[:"']\w+["']?)([^\n]*)$/gm,
    ))
      later(m[1]!, { index: indexed(m[2]!), unique: /unique:\s*true|:unique\s*=>\s*true/.test(m[3]!) }, m.index);
    for (const m of code.matchAll(/^\s*add_foreign_key\s*\(?\s*[:"'](\w+)["']?\s*,\s*[:"'](\w+)["']?([^\n]*)$/gm))
      later(
        m[1]!,
        { foreign: /column:\s*[:"'](\w+)/.exec(m[3]!)?.[1] ?? `${m[2]!.replace(/ies$/, 'y').replace(/(?:s)$/, '')}_id` },
        m.index,
      );
    for (const m of code.matchAll(/^\s*add_(?:reference|belongs_to)\s*\(?\s*[:"'](\w+)["']?\s*,\s*[:"'](\w+)["']?([^\n]*)$/gm))
      items.push(
        columnItem(source, m.index, framework, {
          table: m[1]!,
          name: `${m[2]!}_id`,
          type: 'references',
          refers: true,
          indexed: !/index:\s*false/.test(m[3]!),
          constrained: /foreign_key:\s*(?:true|\{)/.test(m[3]!),
          references: m[2]!,
        }),
      );
    for (const m of code.matchAll(/^\s*add_column\s*\(?\s*[:"'](\w+)["']?\s*,\s*[:"'](\w+)["']?\s*,\s*:?["']?(\w+)([^\n]*)$/gm))
      items.push(
        columnItem(source, m.index, framework, {
          table: m[1]!,
          name: m[2]!,
          type: m[3]!,
          nullable: !/null:\s*false/.test(m[4]!),
          refers: m[2]!.endsWith('_id') && /integer|bigint|uuid/.test(m[3]!),
        }),
      );
    return { items };
  },
};

/** Laravel migrations; MySQL, its usual database, indexes every foreign key. */
export const laravel: Reader = {
  name: 'columns/laravel',
  kind: 'columns',
  files: { paths: ['**/database/migrations/**/*.php', '**/migrations/*.php'], roles: ['product', 'config', 'script', 'other'] },
  keywords: ['Schema::create', 'Schema::table'],
  read(source) {
    const code = source.code.split(/function\s+down\s*\(/)[0]!;
    const items: Item[] = [];
    for (const head of code.matchAll(/Schema::(?:connection\([^)]*\)->)?(?:create|table)\s*\(\s*['"](\w+)['"]\s*,/g)) {
      const open = code.indexOf('{', head.index);
      const end = open < 0 ? -1 : closing(code, open);
      if (end < 0) continue;
      const table = head[1]!;
      for (const st of code
        .slice(open + 1, end)
        .matchAll(/\$\w+->(\w+)\s*\(\s*(?:['"](\w+)['"]|(\[[^\]]*\])|([\w\\]+)::class)?([^;]*);/g)) {
        const type = st[1]!;
        const rest = st[5] ?? '';
        const offset = open + 1 + st.index;
        const name =
          st[2] ??
          (st[4]
            ? `${st[4]
                .split('\\')
                .at(-1)!
                .replace(/([a-z])([A-Z])/g, '$1_$2')
                .toLowerCase()}_id`
            : '');
        const many = st[3] ? quoted(st[3]) : name ? [name] : [];
        if (/^(?:unique|index|primary|fullText|spatialIndex)$/.test(type)) {
          // Another migration may have made the columns.
          if (many.every((c) => items.some((i) => i['table'] === table && i['name'] === c)))
            applyIndex(items, table, many, type === 'unique' || type === 'primary');
          else
            items.push({
              ...columnItem(source, offset, 'laravel', { table, name: '' }),
              amends: { index: many, unique: type === 'unique' || type === 'primary' } as never,
            });
        } else if (type === 'foreign') {
          for (const c of many) {
            const known = items.find((i) => i['table'] === table && i['name'] === c);
            if (known)
              Object.assign(known, {
                refers: true,
                constrained: true,
                indexed: true,
                references: /->on\(\s*['"](\w+)/.exec(rest)?.[1] ?? '',
              });
            else
              items.push({
                ...columnItem(source, offset, 'laravel', { table, name: '' }),
                amends: { foreign: c, indexed: true } as never,
              });
          }
        } else if (type === 'id' || type.endsWith('ncrements'))
          items.push(columnItem(source, offset, 'laravel', { table, name: name || 'id', type, primary: true }));
        else if (
          !/^(?:timestamps|timestampsTz|softDeletes\w*|rememberToken|drop\w*|rename\w*|comment|engine|charset|collation|morphs|nullableMorphs|uuidMorphs)$/.test(
            type,
          ) &&
          name
        ) {
          const relation = /^foreign(?:Id|Uuid|Ulid|IdFor)$/.test(type);
          const ruled = /->constrained\s*\(|->references\s*\(/.test(rest);
          items.push(
            columnItem(source, offset, 'laravel', {
              table,
              name,
              type,
              nullable: /->nullable\s*\(\s*(?:true)?\s*\)/.test(rest),
              unique: /->unique\s*\(/.test(rest),
              refers: relation || (name.endsWith('_id') && /nteger|uuid/i.test(type)),
              constrained: ruled,
              references: /->constrained\(\s*['"](\w+)/.exec(rest)?.[1] ?? name.replace(/_id$/, ''),
              indexed: ruled || /->index\s*\(/.test(rest),
              indexDeclared: /->index\s*\(/.test(rest),
              primary: /->primary\s*\(/.test(rest),
            }),
          );
        }
      }
    }
    return { items };
  },
};

/** Prisma schemas: relations are constraints unless relationMode says otherwise; only MySQL indexes them. */
export const prisma: Reader = {
  name: 'columns/prisma',
  kind: 'columns',
  files: { paths: ['*.prisma'], roles: ['product', 'config', 'other'] },
  keywords: ['model '],
  read(source) {
    // Prisma's comments are those of C: the blanked text may not know them.
    const code = source.code.replace(/\/\/[^\n]*/g, (c) => ' '.repeat(c.length));
    const off = /relationMode\s*=\s*"prisma"/.test(code);
    const mysql = /provider\s*=\s*"mysql"/.test(code);
    const mongo = /provider\s*=\s*"mongodb"/.test(code);
    if (mongo) return {};
    const items: Item[] = [];
    for (const head of code.matchAll(/^model\s+(\w+)\s*\{([^}]*)\}/gm)) {
      const table = head[1]!;
      const start = head.index + head[0].indexOf('{') + 1;
      for (const line of head[2]!.matchAll(/^[ \t]*(\w+)[ \t]+(\w+)(\[\])?(\?)?([^\n]*)$/gm)) {
        if (line[3] || /@relation\s*\(/.test(line[5]!)) continue;
        items.push(
          columnItem(source, start + line.index + line[0].length - line[0].trimStart().length, 'prisma', {
            table,
            name: line[1]!,
            type: line[2]!,
            nullable: line[4] === '?',
            primary: /@id\b/.test(line[5]!),
            unique: /@unique\b/.test(line[5]!),
          }),
        );
      }
      for (const relation of head[2]!.matchAll(/@relation\s*\(([^)]*)\)/g)) {
        const own = /fields:\s*\[([^\]]*)\]/.exec(relation[1]!)?.[1];
        for (const name of own?.split(',').map((n) => n.trim()) ?? []) {
          const item = items.find((i) => i['table'] === table && i['name'] === name);
          if (item)
            Object.assign(item, {
              refers: true,
              constrained: !off,
              constraintOff: off,
              indexed: item['indexed'] === true || (mysql && !off),
            });
        }
      }
      for (const index of head[2]!.matchAll(/@@(index|unique|id)\s*\(\s*(?:fields:\s*)?(?:\[([^\]]*)\]|(\w+)\s*[,)])/g))
        applyIndex(
          items,
          table,
          (index[2] ?? index[3]!).split(',').map((n) => n.trim().replace(/\(.*$/, '')),
          index[1] !== 'index',
        );
    }
    // What names another model's type is a relation, not a column.
    const models = new Set(items.map((i) => String(i['table'])));
    return { items: items.filter((i) => !models.has(String(i['type']))) };
  },
};

/** TypeORM and MikroORM entities. */
export const typeorm: Reader = {
  name: 'columns/typeorm',
  kind: 'columns',
  files: { languages: ['typescript', 'javascript'], roles: ['product'] },
  keywords: ['@Entity'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const head of code.matchAll(
      /@Entity\s*\([^)]*\)(?:\s*@[\w.]+\s*\((?:[^();]|\((?:[^();]|\([^();]*\))*\))*\))*\s*(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\s+(\w+)[^{]*\{/g,
    )) {
      const open = head.index + head[0].length - 1;
      const end = closing(code, open, 60_000);
      if (end < 0) continue;
      const table = head[1]!;
      const body = code.slice(open + 1, end);
      const properties: Property[] = [];
      for (const m of body.matchAll(
        /((?:@\w+\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)\s*)+)(?:public\s+|private\s+|readonly\s+|protected\s+|declare\s+)*(\w+)\s*([?!]?)\s*:\s*([^;=\n]+)/g,
      )) {
        const marks = m[1]!;
        const relation = /@(?:ManyToOne|OneToOne)\s*\(/.test(marks) && !(/@OneToOne/.test(marks) && !/@JoinColumn/.test(marks));
        const primary = /@Primary\w*\s*\(/.test(marks);
        if (!primary && !relation && !/@(?:\w*Column|Property|Enum|CreateDateColumn|UpdateDateColumn)\s*\(/.test(marks)) continue;
        if (/@(?:OneToMany|ManyToMany)\s*\(/.test(marks)) continue;
        const off = /createForeignKeyConstraints\s*:\s*false/.test(marks);
        const item = columnItem(source, open + 1 + m.index, 'typeorm', {
          table,
          name: m[2]!,
          type: m[4]!.trim(),
          primary,
          nullable: /nullable\s*:\s*true/.test(marks),
          unique: /unique\s*:\s*true|@Unique\s*\(|@Index\s*\([^)]*unique\s*:\s*true/.test(marks) || /@OneToOne/.test(marks),
          refers: relation,
          constrained: relation && !off,
          constraintOff: off,
          references: relation ? m[4]!.trim() : '',
          indexed: /@Index\s*\(/.test(marks),
          indexDeclared: /@Index\s*\(/.test(marks),
        });
        items.push(item);
        properties.push({ item, column: columnOf(m[2]!, marks, relation), relation });
      }
      for (const m of head[0].matchAll(/@(Index|Unique)\s*\(([^;]*?\[[^\]]*\])([^)]*)\)/g))
        applyIndex(items, table, quoted(/\[([^\]]*)\]/.exec(m[2]!)![1]!), m[1] === 'Unique' || /unique\s*:\s*true/.test(m[3]!));
      shareJoinColumns(properties);
    }
    return { items };
  },
};

/** The builder that a column starts with: `text` of `text().notNull()` and of `t.text().notNull()`. */
const typeOf = (text: string, prefix: string): string => /^\w+/.exec(text.replace(/\s*\n\s*/g, '').replace(prefix, ''))?.[0] ?? '';

/** Drizzle tables. */
export const drizzle: Reader = {
  name: 'columns/drizzle',
  kind: 'columns',
  files: { languages: ['typescript', 'javascript'], roles: ['product'] },
  keywords: ['pgTable', 'mysqlTable', 'sqliteTable', 'pgSchema', 'mysqlSchema'],
  read(source) {
    const items: Item[] = [];
    // Besides the three functions, what this file makes of them: pgTableCreator for a prefix of the names, pgSchema for a schema.
    const own = [...source.code.matchAll(/\b(\w+)\s*=\s*(pg|mysql|sqlite)(TableCreator|Schema)\s*\(/g)];
    const names = own.map((m) => (m[3] === 'Schema' ? `${m[1]!}\\.table` : m[1]!));
    const mysql = new Set([
      'mysqlTable',
      ...own.filter((m) => m[2] === 'mysql').map((m) => (m[3] === 'Schema' ? `${m[1]!}.table` : m[1]!)),
    ]);
    for (const call of findCalls(
      source.code,
      new RegExp(`(?<![\\w.$])(?:${['pgTable', 'mysqlTable', 'sqliteTable', ...names].join('|')})(?=\\s*\\()`, 'g'),
    )) {
      const table = unquote(call.arguments[0]?.text ?? '');
      const given = call.arguments[1];
      // The columns, or a function of the column builders that gives them: (t) => ({ id: t.uuid() }).
      const builder = /^\(?\s*(?<builders>\w+)\s*\)?\s*=>\s*(?:\(\s*|\{\s*return\s*\(?\s*)(?=\{)/.exec(given?.text ?? '');
      const columns = given && builder ? { text: given.text.slice(builder[0].length), offset: given.offset + builder[0].length } : given;
      if (!columns || !columns.text.startsWith('{')) continue;
      const end = closing(columns.text, 0);
      const prefix = builder ? `${builder.groups!['builders']!}.` : '';
      const keys = new Map<string, string>();
      for (const entry of parseArguments(columns.text.slice(1, end < 0 ? undefined : end), columns.offset + 1)) {
        if (!entry.name) continue;
        keys.set(entry.name, entry.name);
        items.push(
          columnItem(source, entry.offset, 'drizzle', {
            table,
            name: entry.name,
            type: typeOf(entry.text, prefix),
            primary: /\.primaryKey\s*\(/.test(entry.text),
            nullable: !/\.notNull\s*\(/.test(entry.text),
            unique: /\.unique\s*\(/.test(entry.text),
            refers: /\.references\s*\(/.test(entry.text),
            constrained: /\.references\s*\(/.test(entry.text),
            references: /=>\s*(\w+)\./.exec(entry.text)?.[1] ?? '',
            indexed: mysql.has(call.name) && /\.references\s*\(/.test(entry.text),
          }),
        );
      }
      const extra = call.arguments
        .slice(2)
        .map((a) => a.text)
        .join(',');
      applyTableKeys(items, table, extra, mysql.has(call.name));
    }
    return { items };
  },
};

/** JPA entities: constraints are those that Hibernate would write; migrations in SQL overrule them. */
export const jpa: Reader = {
  name: 'columns/jpa',
  kind: 'columns',
  files: { languages: ['java', 'kotlin'], roles: ['product'] },
  keywords: ['@Entity'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const head = /@Entity\b(?:[\s\S]{0,1500}?)\bclass\s+(\w+)/.exec(code);
    if (!head) return {};
    const table = head[1]!;
    const start = head.index + head[0].length;
    for (const m of code
      .slice(start)
      .matchAll(
        /((?:@[\w.]+(?:\((?:[^()]|\([^()]*\))*\))?\s*)+)(?:private|protected|public|lateinit|va[lr])?\s*(?:final\s+)?(?:va[lr]\s+)?([\w<>,.? ]{1,80}?)\s+(\w+)\s*(?:;|=|,|\))/g,
      )) {
      const marks = m[1]!;
      if (/@(?:OneToMany|ManyToMany|Transient|Override|ElementCollection|PrePersist|Bean)\b/.test(marks)) continue;
      const primary = /@(?:Id|EmbeddedId)\b/.test(marks);
      const relation = /@(?:ManyToOne|OneToOne)\b/.test(marks) && !/mappedBy/.test(marks);
      if (
        !primary &&
        !relation &&
        !/@(?:Column|JoinColumn|NotNull|NotBlank|NotEmpty|Size|Enumerated|Temporal|Email|NaturalId|CreatedDate)\b/.test(marks)
      )
        continue;
      const off = /ConstraintMode\.NO_CONSTRAINT/.test(marks);
      items.push(
        columnItem(source, start + m.index, 'jpa', {
          table,
          name: m[3]!,
          type: m[2]!.trim(),
          primary,
          nullable: !/nullable\s*=\s*false|@NotNull|@NotBlank|@NotEmpty|optional\s*=\s*false/.test(marks),
          unique: /unique\s*=\s*true|@NaturalId/.test(marks),
          refers: relation,
          constrained: relation && !off,
          constraintOff: off,
          references: relation ? m[2]!.trim() : '',
        }),
      );
    }
    for (const m of head[0].matchAll(/(@Index|@UniqueConstraint)\s*\(([^()]*)\)/g))
      applyIndex(
        items,
        table,
        quoted(/column(?:List|Names)\s*=\s*([^)]*)/.exec(m[2]!)?.[1]?.replace(/,\s*name.*$/, '') ?? '').flatMap((n) => n.split(',')),
        m[1] === '@UniqueConstraint' || /unique\s*=\s*true/.test(m[2]!),
      );
    return { items };
  },
};

/** GORM models by their tags. */
export const gorm: Reader = {
  name: 'columns/gorm',
  kind: 'columns',
  files: { languages: ['go'], roles: ['product'] },
  keywords: ['gorm'],
  read(source) {
    const { code } = source;
    // A base of the project's own, embedded in models of a package that uses GORM.
    const model = /"(?:gorm\.io|github\.com\/jinzhu)\/gorm"/.test(code)
      ? /gorm:"|gorm\.Model\b|^[ \t]+(?:\w+\.)?(?:Base)?Model[ \t]*(?:`|$)/m
      : /gorm:"|gorm\.Model\b/;
    if (!model.test(code)) return {};
    const items: Item[] = [];
    // GORM 1 makes no foreign key of an association by itself; AddForeignKey is a call elsewhere.
    const makesKeys = !/"github\.com\/jinzhu\/gorm"/.test(code);
    for (const head of code.matchAll(/^type\s+(\w+)\s+struct\s*\{([\s\S]*?)^\}/gm)) {
      // What models embed is no table of its own.
      if (!model.test(head[2]!) || /^(?:Base)?Model$|^Base(?:Entity)?$/.test(head[1]!)) continue;
      const start = head.index + head[0].indexOf('{') + 1;
      const fields = [...head[2]!.matchAll(/^[ \t]+(\w+)[ \t]+(\*?[\w.[\]]+)(?:[ \t]+`([^`\n]*)`)?/gm)];
      for (const f of fields) {
        const tag = /gorm:"([^"]*)"/.exec(f[3] ?? '')?.[1] ?? '';
        if (tag === '-' || /^\[\]|many2many|foreignKey/i.test(f[2]! + tag)) continue;
        if (/^\*?[A-Z]\w*$/.test(f[2]!) && !tag) continue;
        const association = f[1]!.endsWith('ID') && f[1] !== 'ID' && fields.some((o) => o[1] === f[1]!.slice(0, -2));
        items.push(
          columnItem(source, start + f.index, 'gorm', {
            table: head[1]!,
            name: f[1]!,
            type: f[2]!,
            primary: /primaryKey|primary_key/i.test(tag) || f[1] === 'ID',
            nullable: !/not null/i.test(tag) && f[2]!.startsWith('*') ? true : /not null/i.test(tag) ? false : null,
            unique: /\bunique(?:Index)?\b/i.test(tag),
            refers: association,
            constrained: association && makesKeys,
            indexed: /\bindex\b/i.test(tag),
            indexDeclared: /\bindex\b/i.test(tag),
          }),
        );
      }
    }
    return { items };
  },
};

/** The model snapshot that EF Core keeps beside its migrations: conventions are written out there. */
export const efCore: Reader = {
  name: 'columns/ef-core',
  kind: 'columns',
  files: { paths: ['*ModelSnapshot.cs'], roles: ['product', 'generated'] },
  keywords: ['modelBuilder.Entity'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const call of findCalls(code, /\bmodelBuilder\.Entity(?=\s*\()/g)) {
      const table = unquote((call.arguments[0]?.text ?? '').split('.').at(-1)!.replace(/"/g, ''));
      const start = call.offset;
      for (const m of call.inner.matchAll(/b\.Property<([^>]+(?:>)?)>\(\s*"(\w+)"\s*\)([^;]*);/g)) {
        if (items.some((i) => i['table'] === table && i['name'] === m[2])) continue;
        items.push(
          columnItem(source, start + 'modelBuilder.Entity('.length + m.index, 'ef-core', {
            table,
            name: m[2]!,
            type: m[1]!,
            nullable: !/\.IsRequired\s*\(/.test(m[3]!) && (m[1]!.endsWith('?') || m[1] === 'string'),
          }),
        );
      }
      for (const m of call.inner.matchAll(/b\.HasKey\(([^)]*)\)/g))
        for (const n of quoted(m[1]!))
          Object.assign(items.find((i) => i['table'] === table && i['name'] === n) ?? {}, {
            primary: true,
            indexed: true,
            nullable: false,
          });
      for (const m of call.inner.matchAll(/b\.HasIndex\(([^)]*)\)([^;]*);/g))
        applyIndex(items, table, quoted(m[1]!), /\.IsUnique\s*\(/.test(m[2]!));
      for (const m of call.inner.matchAll(/\.HasForeignKey\(([^)]*)\)/g)) {
        const names = quoted(m[1]!);
        for (const n of names)
          Object.assign(items.find((i) => i['table'] === table && i['name'] === n) ?? {}, {
            refers: true,
            constrained: true,
            indexed: true,
          });
      }
    }
    return { items };
  },
};
