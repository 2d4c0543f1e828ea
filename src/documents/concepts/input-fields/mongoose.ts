import type { Item, Reader } from '../../../model/document.js';
import { entriesOf, findCalls } from '../syntax-text.js';
import { field, typed } from './shared.js';

const bound = /\b(?:maxlength|maxLength|enum|match|validate)\s*:/;
/** A handler whose body something else has looked at. */
const checked = /["']express-validator["']|\bvalidationResult\b|\bcelebrate\b|\bcheckSchema\b|(?:^|[\s(,])validat\w*\s*\(/m;

/** Names by which other files know the models of a schema: `mongoose.model('Todo', schema)`, and what holds it. */
function namesOf(code: string, schema: string): string[] {
  const found = new Set<string>();
  const made =
    /(?:\b(?:const|let|var)\s+(\w+)\s*(?::[^=\n]{1,80})?=\s*)?(?:\w+\.)?\bmodel\s*(?:<[^()\n]{1,120}>)?\(\s*["'](\w+)["']\s*,\s*(\w+)?/g;
  for (const [, holder, name, given] of code.matchAll(made))
    if (given === undefined || given === schema) for (const known of [holder, name]) if (known) found.add(known);
  return [...found];
}

/** What a file makes models of: `new Todo(req.body)`, `Todo.create({...req.body})`, also by way of a constant. */
function made(code: string): string[] {
  const held = [...code.matchAll(/\b(?:const|let|var)\s+(\w+)\s*(?::[^=\n]{1,80})?=\s*\{\s*\.\.\.(?:req|request)\.body\b/g)].map(
    (m) => m[1]!,
  );
  const body = ['(?:\\{\\s*\\.\\.\\.)?(?:req|request)\\.body', ...held].join('|');
  const use = new RegExp(`(?:\\bnew\\s+(\\w+)|\\b([A-Z]\\w*)\\.(?:create|insertMany))\\s*\\(\\s*(?:${body})\\b(?!\\.)`, 'g');
  return [...code.matchAll(use)].map((m) => m[1] ?? m[2]!);
}

/** Schemas of Mongoose that take a request's body as it comes; the combiner joins the schema and the handler. */
export const mongoose: Reader = {
  name: 'input-fields/mongoose',
  kind: 'input-fields',
  files: { languages: ['javascript', 'typescript'], roles: ['product'] },
  keywords: ['Schema(', 'Schema<', '.body'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const add = (offset: number, model: string, name: string, bounded: boolean, marker: string): void => {
      items.push({ ...field(source, offset, 'mongoose', model, name, bounded), marker });
    };
    if (!checked.test(code)) for (const model of made(code)) add(0, model, '', false, 'body');
    if (!/\bmongoose\b/.test(code)) return { items };
    for (const call of findCalls(code, /\bnew\s+(?:\w+\.)?Schema\s*(?:<[^()\n]{1,120}>)?(?=\s*\()/g)) {
      const schema = /\b(?:const|let|var)\s+(\w+)\s*(?::[^=\n]{1,80})?=\s*$/.exec(
        code.slice(Math.max(0, call.offset - 160), call.offset),
      )?.[1];
      const first = call.arguments[0];
      const fields = first && entriesOf(first.text);
      if (!fields || schema === undefined) continue;
      const models = namesOf(code, schema);
      for (const [name, { text }] of fields) {
        if (!/^\s*String\b|\btype\s*:\s*String\b/.test(text) || typed.test(name) || /password|email/i.test(name)) continue;
        const offset = code.indexOf(name, call.offset);
        for (const model of models) add(offset, model, name, bound.test(text), 'class');
      }
    }
    return { items };
  },
};
