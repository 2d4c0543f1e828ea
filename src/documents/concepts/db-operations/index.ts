import type { Combiner, Item, Reader } from '../../../model/document.js';
import type { Language } from '../../../model/file.js';
import type { Source } from '../../../model/source.js';
import { closing } from '../syntax-text.js';

interface Stack {
  readonly languages: readonly Language[];
  readonly keywords: readonly string[];
  /** One write of a row or set of rows. */
  readonly writes: RegExp;
  /** What ends a unit of work, where writes are collected first, and what collects them. */
  readonly commits?: RegExp;
  readonly units?: RegExp;
  /** In the function, or (`file`) anywhere in the file: a transaction is opened. */
  readonly transaction: RegExp;
  readonly file?: RegExp;
  /** A read that goes to the database. */
  readonly query: RegExp;
  readonly loop: RegExp;
}

interface Part {
  readonly name: string;
  readonly body: string;
  readonly start: number;
  /** Class that holds it, '' where none. */
  readonly owner: string;
}

const python: Stack = {
  languages: ['python'],
  keywords: ['.save(', '.objects', '.commit(', 'session', 'Serializer'],
  writes:
    /(?<!super\(\)|form|serializer|self\.get_serializer\(\)|super\([^)\n]{0,60}\))\.save\(\s*\)|\.objects\.(?:create|bulk_create|get_or_create|update_or_create)\s*\(|\.objects\.[^\n]{0,80}\)\.(?:update|delete)\s*\(|\b\w+\.tags\.add\s*\(/g,
  commits: /\b(?:self\.)?(?:db|session|db_session|sess|conn)(?:\.session)?\.commit\s*\(\s*\)/g,
  units:
    /\b(?:self\.)?(?:db|session|db_session|sess)(?:\.session)?\.(?:add|delete|merge|add_all|(?:exec|execute)\s*\(\s*(?:delete|update|insert|statement|stmt))\b/g,
  transaction: /\batomic\b|\.begin\s*\(|\.begin_nested\s*\(|in_transaction|on_commit/,
  query: /\.objects\.(?:get|filter|exclude|all|count)\s*\(|\b(?:session|db)(?:\.session)?\.(?:query|get|execute|exec|scalars?)\s*\(/,
  loop: /^([ \t]*)(?:async )?for\s+\w+(?:\s*,\s*\w+)*\s+in\s+([^\n]{1,200}):[ \t]*$/gm,
};

const node: Stack = {
  languages: ['typescript', 'javascript', 'tsx'],
  keywords: ['prisma', 'Repository', 'knex', 'repository', 'getRepository', '.insert(', '.update(', '.delete(', '.select(', '.findMany('],
  // Of Drizzle only with what follows: a client of another kind may have calls of these names.
  writes:
    /\b(?:db|database|drizzle)\s*\.(?:insert\s*\(\s*[\w.]+\s*\)\s*\.(?:values|select)|update\s*\(\s*[\w.]+\s*\)\s*\.set|delete\s*\(\s*[\w.]+\s*\)\s*\.where)\s*\(|\b(?:this\.)?prisma\w*\.\w+\.(?:create|createMany|update|updateMany|delete|deleteMany|upsert)\s*\(|\b(?:this\.)?\w*[rR]epository\.(?:save|insert|update|delete|remove|softDelete|increment|decrement)\s*\(/g,
  transaction:
    /\$transaction|\.transaction\s*\(|queryRunner|startTransaction|@Transactional|transactionalEntityManager|InjectTransaction|\btx\b|\bdb\.batch\s*\(/,
  query:
    /\bawait\s+(?:this\.)?(?:prisma\w*\.\w+\.find\w*|\w*[rR]epository\.(?:find\w*|count)|(?:db|database)\s*\.(?:select|selectDistinct|query\.\w+\.find\w*))\s*\(/,
  loop: /\bfor\s*\(\s*(?:const|let|var)\s+[\w{}, ]+\s+of\s+([^)\n]{1,120})\)\s*(?=\{)|\b(\w+)\.(?:map|forEach)\s*\(\s*async\s*\(?\w+\)?\s*=>\s*(?=\{)/g,
};

const jvm: Stack = {
  languages: ['java', 'kotlin'],
  keywords: ['Repository', 'entityManager', 'EntityManager'],
  writes:
    /\b\w*[rR]epository\.(?:save|saveAll|saveAndFlush|delete|deleteAll|deleteById|insert)\s*\(|\bentityManager\.(?:persist|merge|remove)\s*\(|\bem\.(?:persist|merge|remove)\s*\(/g,
  transaction: /@Transactional|TransactionTemplate|\.getTransaction\s*\(|transactionManager/,
  file: /@Transactional\b|TransactionTemplate|transactionManager|Mongo\w*Repository|Reactive\w*Repository|CrudRepository<\w+,\s*String>/,
  query: /\b\w*[rR]epository\.(?:find|get|count|exists)\w*\s*\(/,
  loop: /\bfor\s*\(\s*(?:final\s+)?[\w<>?, ]+\s+\w+\s*:\s*([^)\n]{1,120})\)\s*(?=\{)/g,
};

const php: Stack = {
  languages: ['php'],
  keywords: ['->save(', '::create(', '->create(', '->delete('],
  writes: /\$\w+(?:->\w+(?:\(\))?)*->(?:save|delete|attach|sync|detach|create|update)\s*\(|\b[A-Z]\w+::create\s*\((?!\s*\))/g,
  transaction: /DB::transaction|beginTransaction|->transaction\s*\(|wrapInTransaction|transactional\s*\(/,
  file: /extends\s+(?:Migration|Seeder|Factory)\b|DB::transaction|beginTransaction/,
  query: /\b[A-Z]\w+::(?:find|where|first|all|query|findOrFail)\s*\(/,
  loop: /\bforeach\s*\(\s*([^)\n]{1,120}?)\s+as\s+[^)\n]{1,60}\)\s*(?=\{)/g,
};

const csharp: Stack = {
  languages: ['csharp'],
  keywords: ['SaveChanges'],
  // Not a context's own override, which hands on to its base.
  writes: /(?<!\bbase)\??\.SaveChanges(?:Async)?\s*\(/g,
  transaction: /BeginTransaction|TransactionScope|CreateExecutionStrategy|ResilientTransaction/,
  query: /\bawait\s+_?\w*(?:[cC]ontext|[dD]b)\.\w+[^;\n]{0,200}\.(?:First|Single|ToList|Find|Any|Count)\w*Async\s*\(/,
  loop: /\bforeach\s*\(\s*(?:var|[\w<>]+)\s+\w+\s+in\s+([^)\n]{1,120})\)\s*(?=\{)/g,
};

const go: Stack = {
  languages: ['go'],
  keywords: ['.Exec', '.Create(', '.Save('],
  writes:
    /\b(?:\w+\.)?(?:db|DB|conn|pool)\.(?:Exec|ExecContext|NamedExec|NamedExecContext|MustExec)\s*\(|\b(?:\w+\.)?(?:db|DB)(?:\.WithContext\(\w+\))?\.(?:Create|Save|Delete|Updates?)\s*\(/g,
  transaction: /\.Begin\w*\s*\(|\.Transaction\s*\(|\btx\b|InTx|WithTx|RunInTransaction/,
  query: /\b(?:\w+\.)?(?:db|DB|conn|pool)\.(?:Query|QueryRow|Get|Select)(?:Context)?\s*\(/,
  loop: /\bfor\s+rows\.Next\(\)\s*(?=\{)/g,
};

const stacks: readonly Stack[] = [python, node, jvm, php, csharp, go];
const noOperation =
  /(?:^|\/)(?:migrations?|alembic|seeds?|seeders?|fixtures?|factories|management|commands?|cli|scripts?|tests?|testing|spec|benchmarks?)(?:\/|\.)|(?:seed|fixture|initial_data|migrat|demo|sample)[^/]*$/i;

function pythonParts(code: string): Part[] {
  const parts: Part[] = [];
  for (const head of code.matchAll(/^([ \t]*)(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(/gm)) {
    const rest = code.slice(head.index + head[0].length, head.index + 12_000);
    const end = new RegExp(`\\n(?=[ \\t]{0,${head[1]!.length}}[^\\s)\\]])`).exec(rest);
    const owner = [...code.slice(0, head.index).matchAll(/^class[ \t]+(\w+)/gm)].at(-1)?.[1] ?? '';
    // Decorators stand above and belong to it.
    const above = /(?:^[ \t]*@[^\n]*\n){1,6}$/m.exec(code.slice(Math.max(0, head.index - 600), head.index))?.[0] ?? '';
    parts.push({
      name: head[2]!,
      body: above + head[0] + (end ? rest.slice(0, end.index) : rest),
      start: head.index - above.length,
      owner: head[1] ? owner : '',
    });
  }
  return parts;
}

const heads: Partial<Record<Language, RegExp>> = {
  php: /\bfunction\s+(\w+)\s*\(/g,
  go: /^func\s+(?:\([^)\n]{1,80}\)\s*)?(\w+)\s*[([]/gm,
  java: /\b(?:public|private|protected)\s+(?:static\s+|final\s+|synchronized\s+)*[\w<>?,.[\] ]{1,80}\s+(\w+)\s*\(/g,
  kotlin: /\bfun\s+(?:<[^>\n]{1,40}>\s*)?(\w+)\s*\(/g,
  csharp:
    /\b(?:public|private|protected|internal)\s+(?:static\s+|override\s+|virtual\s+|async\s+|sealed\s+)*[\w<>?,.[\] ]{1,80}\s+(\w+)\s*(?:<[^>\n]{1,40}>)?\s*\(/g,
};
const scriptHead =
  /\b(?:async\s+)?function\s+(\w+)\s*\(|\b(?:async\s+)?(\w+)\s*\([^()\n]{0,200}(?:\([^()\n]{0,80}\)[^()\n]{0,200})*\)\s*(?::\s*[^{;\n]{1,120})?(?=\{)|\b(?:const|let)\s+(\w+)\s*=\s*(?:async\s*)?\(/g;

function bracedParts(code: string, language: Language): Part[] {
  const parts: Part[] = [];
  let until = -1;
  for (const head of code.matchAll(heads[language] ?? scriptHead)) {
    const name = head[1] ?? head[2] ?? head[3] ?? '';
    if (head.index < until || /^(?:if|for|while|switch|catch|function|return|constructor)$/.test(name)) continue;
    const paren = code.indexOf('(', head.index);
    const end = closing(code, paren, 4_000);
    if (end < 0) continue;
    const open = code.slice(end, end + 300).search(/\{/);
    if (open < 0 || /;/.test(code.slice(end, end + open))) continue;
    const close = closing(code, end + open, 20_000);
    if (close < 0) continue;
    until = close;
    const above = /(?:^[ \t]*(?:@|\[)[^\n]*\n){1,6}[ \t]*$/m.exec(code.slice(Math.max(0, head.index - 600), head.index))?.[0] ?? '';
    parts.push({ name, body: above + code.slice(head.index, close + 1), start: head.index - above.length, owner: '' });
  }
  return parts;
}

const leaves = /^[ \t]*(?:\}[ \t]*)?(?:return|raise|throw|else|elif|elseif|except|catch|continue|break|case|default)\b/m;

/** How many of the hits follow each other: what leaves the function or starts another branch between two of them separates them. */
function inARow(body: string, pattern: RegExp): { count: number; at: number } {
  let best = { count: 0, at: 0 };
  let run = { count: 0, at: 0 };
  let last = -1;
  for (const hit of body.matchAll(pattern)) {
    const returned = /(?:^|\n)[^\n]*\breturn\b[^\n]*$/.test(body.slice(Math.max(0, hit.index - 120), hit.index));
    if (last >= 0 && !leaves.test(body.slice(last, hit.index).replace(/^[^\n]*/, ''))) run = { count: run.count + 1, at: hit.index };
    else run = { count: 1, at: hit.index };
    last = hit.index;
    if (run.count > best.count) best = run;
    if (returned) last = -1;
  }
  return best;
}

/** PHP's closures return to the function around them, which goes on: their returns are blanked, so that they separate nothing. */
function closuresReturn(body: string): string {
  let result = body;
  for (const head of body.matchAll(/\bfunction\s*\([^)]*\)[^{;]{0,200}\{/g)) {
    const open = head.index + head[0].length - 1;
    const end = closing(body, open, 8_000);
    if (end > 0) result = result.slice(0, open) + result.slice(open, end).replace(/\breturn\b/g, '      ') + result.slice(end);
  }
  return result;
}

/** A loop over rows of a query whose body asks again. */
function askedInLoop(body: string, stack: Stack): number {
  for (const loop of body.matchAll(stack.loop)) {
    const over = loop[2] ?? loop[1] ?? '';
    let inner: string;
    if (stack === python) {
      const rest = body.slice(loop.index + loop[0].length, loop.index + loop[0].length + 4_000);
      const end = new RegExp(`\\n(?=[ \\t]{0,${loop[1]!.length}}\\S)`).exec(rest);
      inner = end ? rest.slice(0, end.index) : rest;
    } else {
      const open = loop.index + loop[0].length;
      const close = closing(body, open, 8_000);
      inner = close < 0 ? '' : body.slice(open, close);
    }
    const subject = /^\s*\$?([\w.]+)\s*$/.exec(over)?.[1]?.split('.').at(-1);
    const queried =
      stack === go ||
      stack.query.test(over) ||
      /\.(?:objects\.|find\w*\(|query\()/.test(over) ||
      (subject !== undefined &&
        new RegExp(
          `(?:^|[\\s$])${subject}\\s*(?::[^=\\n]{1,80})?=\\s*[^\\n]*(?:\\n[^\\n]*){0,2}?(?:${stack.query.source}|\\.find\\w*\\(|\\.objects\\.)`,
        ).test(body.slice(0, loop.index)));
    const asked = queried ? stack.query.exec(inner) : null;
    if (asked && !/\breturn\b[^\n]*$/.test(inner.slice(0, asked.index).split('\n').at(-1)!)) return loop.index;
  }
  return -1;
}

/** A Django REST serialiser's method that asks the database for each object of a list. */
const perObject = (part: Part, stack: Stack): boolean =>
  stack === python &&
  part.owner.endsWith('Serializer') &&
  /\bdef get_\w+\(\s*self,\s*\w+\s*(?::[^,)\n]+)?\)/.test(part.body) &&
  /\.(?:count|exists)\(\s*\)|\.objects\.|_set\.(?:filter|all|count)|\.filter\(/.test(part.body);

function readerOf(stack: Stack): Reader {
  return {
    name: `db-operations/${stack.languages[0]!}`,
    kind: 'db-operations',
    files: { languages: stack.languages, roles: ['product'], variants: ['base', 'production'] },
    keywords: stack.keywords,
    read(source: Source) {
      if (noOperation.test(source.path)) return {};
      const { code } = source;
      const language = source.file.language!;
      const parts = stack === python ? pythonParts(code) : bracedParts(code, language);
      const shared = stack.file?.test(code) === true;
      const items: Item[] = [];
      for (const part of parts.slice(0, 400)) {
        // What a model does within its own save belongs to the transaction of whoever calls it.
        if (/^(?:save|delete|clean|pre_save|post_save|handle_\w+|ready)$/.test(part.name) || /signals?\.py$/.test(source.path)) continue;
        const loop = askedInLoop(part.body, stack);
        const each = perObject(part, stack);
        const writes = inARow(stack === php ? closuresReturn(part.body) : part.body, stack.writes);
        const units = stack.units ? [...part.body.matchAll(stack.units)].length : 0;
        const commits = stack.commits ? inARow(part.body, stack.commits) : { count: 0, at: 0 };
        if (writes.count === 0 && commits.count === 0 && loop < 0 && !each) continue;
        const offset = part.start + Math.max(0, loop >= 0 ? loop : commits.count > 1 ? commits.at : writes.count > 1 ? writes.at : 0);
        const at = source.at(offset);
        items.push({
          path: source.path,
          line: at.line,
          language,
          function: part.name,
          writes: commits.count === 1 ? Math.max(writes.count, units) : writes.count,
          commits: commits.count,
          transactional: shared || stack.transaction.test(part.body),
          queryInLoop: loop >= 0 || each,
          text: (source.lines[at.line - 1] ?? '').trim().slice(0, 120),
        });
      }
      return { items };
    },
  };
}

export const dbOperationReaders: readonly Reader[] = stacks.map(readerOf);

/** Requests that are transactions as a whole make each of their operations one. */
export const dbOperations: Combiner = {
  kind: 'db-operations',
  uses: ['settings'],
  combine(items, all) {
    const whole = all.items('settings').some((s) => String(s['key']).endsWith('ATOMIC_REQUESTS') && s['value'] === true);
    return whole ? items.map((i) => (i['language'] === 'python' ? { ...i, transactional: true } : i)) : items;
  },
};
