import type { Combiner, Document, Json, Reader } from '../../model/document.js';
import { at, folderOf, isRecord, list, record, text, type JsonMap } from '../json.js';

/**
 * A tolerant reader of the HashiCorp configuration language: blocks, attributes and values with their lines. What is no literal is
 * kept as its source text in `${...}`, as HCL's own JSON syntax writes it; nothing is evaluated. Written here because the parsers
 * that run under Node are Go compiled to megabytes, and give no places.
 */
export type Block = { type: string; labels: string[]; line: number; attributes: JsonMap; blocks: Block[] };

const maxDepth = 60;
const maxBlocks = 20_000;

class Hcl {
  private i = 0;
  private line = 1;
  private count = 0;
  readonly problems: { line: number; message: string }[] = [];
  /** Lines of attributes and map entries, by the map that holds them. */
  readonly lines = new WeakMap<object, Map<string, number>>();

  constructor(private readonly source: string) {}

  private peek(n = 0): string {
    return this.source[this.i + n] ?? '';
  }

  private step(n = 1): void {
    for (let k = 0; k < n && this.i < this.source.length; k++) if (this.source[this.i++] === '\n') this.line++;
  }

  /** Skips white space and comments; line ends too where `newlines`. */
  private space(newlines: boolean): void {
    for (;;) {
      const c = this.peek();
      if (c === '#' || (c === '/' && this.peek(1) === '/')) while (this.i < this.source.length && this.peek() !== '\n') this.step();
      else if (c === '/' && this.peek(1) === '*') {
        const end = this.source.indexOf('*/', this.i + 2);
        this.step((end < 0 ? this.source.length : end + 2) - this.i);
      } else if (c !== '' && (c === '\n' ? newlines : /\s/.test(c))) this.step();
      else return;
    }
  }

  private word(): string {
    const start = this.i;
    while (/[\w.-]/.test(this.peek())) this.step();
    return this.source.slice(start, this.i);
  }

  /** A quoted string as written between its quotes (escapes of quotes and line ends undone), interpolations kept. */
  private quoted(): string {
    let out = '';
    this.step();
    for (let depth = 0; this.i < this.source.length;) {
      const c = this.peek();
      if (c === '\\' && depth === 0) {
        const next = this.peek(1);
        out += next === 'n' ? '\n' : next === 't' ? '\t' : next;
        this.step(2);
        continue;
      }
      if ((c === '$' || c === '%') && this.peek(1) === '{') depth++;
      else if (c === '}' && depth > 0) depth--;
      else if (c === '"' && depth === 0) break;
      else if (c === '\n' && depth === 0) break;
      out += c;
      if ((c === '$' || c === '%') && this.peek(1) === '{') {
        out += '{';
        this.step();
      }
      this.step();
    }
    this.step();
    return out;
  }

  private heredoc(): string {
    const opening = /^<<(-?)\s*"?([A-Za-z_]\w*)"?[^\n]*\n?/.exec(this.source.slice(this.i, this.i + 200));
    if (!opening) {
      this.step(2);
      return '';
    }
    this.step(opening[0].length);
    const body: string[] = [];
    while (this.i < this.source.length) {
      const end = this.source.indexOf('\n', this.i);
      const stop = end < 0 ? this.source.length : end;
      const content = this.source.slice(this.i, stop);
      if (content.trim() === opening[2]) {
        this.step(content.length);
        break;
      }
      body.push(content);
      this.step(content.length + 1);
    }
    const indent = opening[1] ? Math.min(...body.filter((l) => l.trim()).map((l) => l.length - l.trimStart().length), 200) : 0;
    return body.map((l) => l.slice(indent)).join('\n');
  }

  /** Source text of an expression up to the end of its line, or the closing bracket or comma of what holds it. */
  private raw(inside: boolean): string {
    const start = this.i;
    let depth = 0;
    while (this.i < this.source.length) {
      const c = this.peek();
      if (c === '"') {
        this.quoted();
        continue;
      }
      if (c === '<' && /^<<-?[A-Za-z_"]/.test(this.source.slice(this.i, this.i + 4))) {
        this.heredoc();
        continue;
      }
      if (c === '#' || (c === '/' && /[/*]/.test(this.peek(1)))) {
        if (depth === 0 && !inside) break;
        this.space(false);
        continue;
      }
      if ('([{'.includes(c)) depth++;
      else if (')]}'.includes(c)) {
        if (depth === 0) break;
        depth--;
      } else if (depth === 0 && (c === '\n' || (inside && c === ','))) {
        // A conditional or an operator at a line's end goes on.
        if (c === ',' || !/[?:+\-*/&|=<>]\s*$/.test(this.source.slice(Math.max(start, this.i - 5), this.i))) break;
      }
      this.step();
    }
    return this.source.slice(start, this.i).replace(/\s+/g, ' ').trim();
  }

  /** Nothing but the end of the value may follow a literal, else it is part of a longer expression. */
  private ends(inside: boolean): boolean {
    const mark = this.i;
    const line = this.line;
    this.space(false);
    const c = this.peek();
    const done = c === '' || c === '\n' || c === '}' || c === ']' || c === ')' || (inside && c === ',') || (!inside && c === ',');
    if (!done) {
      this.i = mark;
      this.line = line;
    }
    return done;
  }

  private value(inside: boolean, depth: number): Json {
    const start = this.i;
    const line = this.line;
    const again = (): Json => {
      this.i = start;
      this.line = line;
      const expression = this.raw(inside);
      return expression === '' ? null : `\${${expression}}`;
    };
    if (depth > maxDepth) return again();
    const c = this.peek();
    if (c === '"') {
      const string = this.quoted();
      return this.ends(inside) ? string : again();
    }
    if (c === '<' && this.peek(1) === '<') return this.heredoc();
    if (c === '[') {
      const first = /^\[\s*for\b/.test(this.source.slice(this.i, this.i + 20));
      if (first) return again();
      const out: Json[] = [];
      this.step();
      for (this.space(true); this.i < this.source.length && this.peek() !== ']'; this.space(true)) {
        const before = this.i;
        out.push(this.value(true, depth + 1));
        this.space(true);
        if (this.peek() === ',') this.step();
        if (this.i === before) this.step();
      }
      this.step();
      return this.ends(inside) ? out : again();
    }
    if (c === '{') {
      if (/^\{\s*for\b/.test(this.source.slice(this.i, this.i + 20))) return again();
      const out = this.map(depth);
      return this.ends(inside) ? out : again();
    }
    const encode = /^jsonencode\s*\(\s*/.exec(this.source.slice(this.i, this.i + 40));
    if (encode) {
      this.step(encode[0].length);
      const out = this.value(true, depth + 1);
      this.space(true);
      if (this.peek() === ')') {
        this.step();
        if (this.ends(inside)) return out;
      }
      return again();
    }
    const literal = /^(?:true|false|null|-?\d+(?:\.\d+)?)(?![\w.])/.exec(this.source.slice(this.i, this.i + 40))?.[0];
    if (literal) {
      this.step(literal.length);
      if (!this.ends(inside)) return again();
      return literal === 'null' ? null : literal === 'true' ? true : literal === 'false' ? false : Number(literal);
    }
    return again();
  }

  private map(depth: number): JsonMap {
    const out: JsonMap = {};
    const lines = new Map<string, number>();
    this.lines.set(out, lines);
    this.step();
    for (this.space(true); this.i < this.source.length && this.peek() !== '}'; this.space(true)) {
      const before = this.i;
      const line = this.line;
      const key = this.peek() === '"' ? this.quoted() : this.peek() === '(' ? this.raw(true) : this.word();
      this.space(false);
      if (this.peek() === '=' || this.peek() === ':') {
        this.step();
        this.space(true);
        lines.set(key, line);
        out[key] = this.value(true, depth + 1);
      }
      this.space(false);
      if (this.peek() === ',') this.step();
      if (this.i === before) this.step();
    }
    this.step();
    return out;
  }

  body(type: string, labels: string[], line: number, depth: number): Block {
    const block: Block = { type, labels, line, attributes: {}, blocks: [] };
    const lines = new Map<string, number>();
    this.lines.set(block.attributes, lines);
    for (this.space(true); this.i < this.source.length; this.space(true)) {
      if (this.peek() === '}') {
        if (depth > 0) break;
        this.problems.push({ line: this.line, message: 'a } without its {' });
        this.step();
        continue;
      }
      const start = this.i;
      const at = this.line;
      const name = this.peek() === '"' ? this.quoted() : this.word();
      this.space(false);
      if (this.peek() === '=' && this.peek(1) !== '=') {
        this.step();
        this.space(false);
        lines.set(name, at);
        block.attributes[name] = this.value(false, depth);
      } else {
        const own: string[] = [];
        while (this.peek() === '"' || /[\w]/.test(this.peek())) {
          own.push(this.peek() === '"' ? this.quoted() : this.word());
          this.space(false);
        }
        if (this.peek() === '{' && depth < maxDepth && ++this.count < maxBlocks) {
          this.step();
          block.blocks.push(this.body(name, own, at, depth + 1));
          if (this.peek() !== '}') this.problems.push({ line: at, message: `the block ${name} is not closed` });
          this.step();
        } else {
          this.problems.push({ line: at, message: `neither a block nor an attribute: ${name.slice(0, 40)}` });
          while (this.i < this.source.length && this.peek() !== '\n') this.step();
        }
      }
      if (this.i === start) this.step();
    }
    return block;
  }
}

/** Labels by which each top-level block goes: resource and data have a type and a name, the others a name. */
function named(block: Block): JsonMap {
  const two = block.type === 'resource' || block.type === 'data' || block.type === 'ephemeral';
  return {
    type: two ? (block.labels[0] ?? '') : block.type,
    name: two ? (block.labels[1] ?? '') : (block.labels[0] ?? ''),
    line: block.line,
    attributes: block.attributes,
    blocks: block.blocks as unknown as Json,
  };
}

const kinds = ['resource', 'data', 'variable', 'module', 'provider', 'output', 'terraform', 'locals', 'moved', 'import', 'check'] as const;

export function parseTerraform(source: string): {
  root: JsonMap;
  lineOf(location: readonly (string | number)[]): number;
  problems: { line: number; message: string }[];
} {
  const hcl = new Hcl(source);
  const top = hcl.body('', [], 1, 0);
  const root: JsonMap = Object.fromEntries(kinds.map((kind) => [kind, top.blocks.filter((b) => b.type === kind).map(named)]));
  root['attributes'] = top.attributes;
  const lineOf = (location: readonly (string | number)[]): number => {
    let line = 1;
    let current: Json | undefined = root;
    for (const step of location) {
      const own = isRecord(current) ? hcl.lines.get(current)?.get(String(step)) : undefined;
      current = at(current, step);
      const block =
        isRecord(current) && typeof current['line'] === 'number' && isRecord(current['attributes']) ? current['line'] : undefined;
      line = own ?? block ?? line;
      if (current === undefined) break;
    }
    return line;
  };
  return { root, lineOf, problems: hcl.problems };
}

/**
 * Terraform and OpenTofu files: `{resource: [{type, name, line, attributes, blocks: [{type, labels, line, attributes, blocks}]}], data, variable,
 * module, provider, output, terraform, locals, ..., attributes}`; a .tfvars file has `attributes` only.
 */
export const terraform: Reader = {
  name: 'format/terraform',
  kind: 'terraform',
  files: { paths: ['*.tf', '*.tofu', '*.tfvars'], except: ['.terraform/**', '**/.terraform/**'], roles: ['config', 'product', 'script'] },
  read(source) {
    const { root, lineOf, problems } = parseTerraform(source.text);
    return {
      documents: [{ kind: 'terraform', path: source.path, root, place: (location) => ({ path: source.path, line: lineOf(location) }) }],
      problems: problems.slice(0, 20).map((p) => ({ path: source.path, ...p })),
    };
  },
};

/** Literal defaults of variables, values of terraform.tfvars and *.auto.tfvars, and literal locals, by folder and reference. */
function certainValues(documents: readonly Document[]): Map<string, Map<string, Json>> {
  const byFolder = new Map<string, Map<string, Json>>();
  const certain = (value: Json | undefined): value is Json =>
    value !== undefined && value !== null && !JSON.stringify(value).includes('${');
  const into = (document: Document): Map<string, Json> => {
    const folder = folderOf(document.path);
    if (!byFolder.has(folder)) byFolder.set(folder, new Map());
    return byFolder.get(folder)!;
  };
  for (const document of documents) {
    for (const variable of list(at(document.root, 'variable'))) {
      const value = at(variable, 'attributes', 'default');
      if (certain(value)) into(document).set(`var.${text(at(variable, 'name'))}`, value);
    }
    for (const locals of list(at(document.root, 'locals')))
      for (const [name, value] of Object.entries(record(at(locals, 'attributes'))))
        if (certain(value)) into(document).set(`local.${name}`, value);
  }
  for (const document of documents)
    if (/(?:^|\/)(?:terraform|[^/]*\.auto)\.tfvars$/.test(document.path))
      for (const [name, value] of Object.entries(record(at(document.root, 'attributes'))))
        if (certain(value)) into(document).set(`var.${name}`, value);
  return byFolder;
}

/** Fills references to variables and locals of the same module in where their value is certain; everything else stays as written. */
export const terraformCombiner: Combiner = {
  kind: 'terraform',
  combine: (items) => items,
  documents(documents) {
    const byFolder = certainValues(documents);
    return documents.map((document) => {
      const values = byFolder.get(folderOf(document.path));
      if (!values || values.size === 0) return document;
      const fill = (value: Json, depth: number): Json => {
        if (typeof value === 'string') {
          const whole = /^\$\{((?:var|local)\.\w+)\}$/.exec(value)?.[1];
          if (whole && values.has(whole)) return values.get(whole)!;
          const choice = /^\$\{((?:var|local)\.\w+)\s*\?\s*(\d+)\s*:\s*(\d+)\}$/.exec(value);
          if (choice && typeof values.get(choice[1]!) === 'boolean') return Number(values.get(choice[1]!) ? choice[2] : choice[3]);
          return value.includes('${')
            ? value.replace(/\$\{((?:var|local)\.\w+)\}/g, (as, name: string) =>
                ['string', 'number'].includes(typeof values.get(name)) ? String(values.get(name)) : as,
              )
            : value;
        }
        if (depth > maxDepth) return value;
        if (Array.isArray(value)) return value.map((v) => fill(v, depth + 1));
        return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, fill(v, depth + 1)])) : value;
      };
      const root = record(fill(document.root, 0));
      // count = 0 is off: what stands there is neither evidence nor a violation.
      const kept = Object.fromEntries(
        ['resource', 'data', 'module'].map((kind) => [
          kind,
          list(root[kind]).flatMap((b, i) => (at(b, 'attributes', 'count') === 0 ? [] : [i])),
        ]),
      );
      for (const [kind, indexes] of Object.entries(kept)) root[kind] = indexes.map((i) => list(root[kind])[i]!);
      return {
        ...document,
        root,
        place: ([kind, index, ...rest]) =>
          document.place(
            typeof index === 'number' && Object.hasOwn(kept, String(kind))
              ? [kind!, kept[String(kind)]![index] ?? index, ...rest]
              : kind === undefined
                ? []
                : index === undefined
                  ? [kind]
                  : [kind, index, ...rest],
          ),
      };
    });
  },
};
