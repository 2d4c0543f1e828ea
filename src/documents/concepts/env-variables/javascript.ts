import type { Reader } from '../../../model/document.js';
import { argument, closing, findCalls, parseArguments, type Argument } from '../syntax-text.js';
import { addHelpers, after, alternative, Reads, refused, textOf, upperName } from './shared.js';

const direct = /\b(?:process\.env|import\.meta\.env|Bun\.env)(?:\??\.([A-Za-z_]\w*)|(?:\?\.)?\[\s*(["'`])(\w+)\2\s*\])/g;
/** What bundlers define themselves. */
const builtIn = new Set(['MODE', 'DEV', 'PROD', 'SSR', 'BASE_URL']);

/** JavaScript and TypeScript: process.env, import.meta.env, Deno and Bun, destructuring, Nest's ConfigService, schemas over the environment. */
export const javascript: Reader = {
  name: 'env-variables/javascript',
  kind: 'env-variables',
  files: { languages: ['javascript', 'typescript', 'tsx', 'vue', 'svelte'], roles: ['product'] },
  keywords: [
    'process.env',
    'import.meta.env',
    'Deno.env',
    'Bun.env',
    'onfigService',
    'cleanEnv',
    'createEnv',
    'envsafe',
    'convict',
    "from 'env-var'",
    'from "env-var"',
    'node:process',
    '$env/',
  ],
  read(source) {
    const { code } = source;
    const reads = new Reads(source);
    const guarded = refused(code);
    for (const match of code.matchAll(direct)) {
      const name = match[1] ?? match[3]!;
      // Names in lower case are npm's own, or constants that a bundler fills in.
      if (/^[a-z]/.test(name) || (builtIn.has(name) && match[0].startsWith('import'))) continue;
      const end = match.index + match[0].length;
      const rest = after(code, end);
      if (/^\s*(?:=(?![=>])|\?\?=|\|\|=)/.test(rest) && !/^\s*(?:\?\?=|\|\|=)/.test(rest)) continue;
      const variable = /(\w+)\s*(?::\s*[\w.| ]+)?=\s*$/.exec(code.slice(Math.max(0, match.index - 80), match.index))?.[1];
      reads.add(name, match.index, alternative(rest), guarded.has(name) || guarded.has(variable ?? ''));
    }
    for (const match of code.matchAll(/\b(?:const|let|var)\s*\{([^{}]{1,4000})\}\s*=\s*(?:process|import\.meta|Bun)\.env\b/g))
      for (const part of match[1]!.split(',')) {
        const [, name, fallback] = /^\s*([A-Za-z_]\w*)\s*(?::\s*\w+)?\s*(?:=\s*([\s\S]+))?$/.exec(part) ?? [];
        reads.add(name, match.index + match[0].indexOf(name ?? ''), textOf(fallback));
      }
    for (const call of findCalls(
      code,
      /\b(?:Deno\.env\.get|(?:this\.)?\w*[cC]onfig(?:Service)?\.(?:get|getOrThrow)(?:<[^>()]*>)?)(?=\s*\()/g,
    )) {
      const name = textOf(call.arguments[0]?.text);
      if (!name || !upperName.test(name)) continue;
      const second = call.arguments[1]?.text;
      reads.add(name, call.offset, textOf(second) ?? alternative(after(code, call.end)), call.name.includes('getOrThrow'));
    }
    if (/\benv-var\b/.test(code))
      for (const match of code.matchAll(/\b(?:env|from\([^)]*\))?\.?get\(\s*(["'])([A-Z]\w*)\1\s*\)((?:\s*\.\w+\([^()]*\)){0,6})/g)) {
        const chain = match[3] ?? '';
        reads.add(match[2], match.index, textOf(/\.default\(([^()]*)\)/.exec(chain)?.[1]), /\.required\(\s*(?:true)?\s*\)/.test(chain));
      }
    for (const match of code.matchAll(/\bimport\s*\{([^}]{1,2000})\}\s*from\s*['"]\$env\/(?:static|dynamic)\/\w+['"]/g))
      for (const name of match[1]!.split(',')) reads.add(name.trim().split(/\s/)[0], match.index, null, match[0].includes('static'));
    addSchemas(code, reads);
    addHelpers(code, reads);
    return reads.result();
  },
};

/** Object literals of validators whose keys are variables: zod, Joi, Yup, Valibot, envalid, envsafe, t3-env, convict. */
function addSchemas(code: string, reads: Reads): void {
  if (!/process\.env|import\.meta\.env|Bun\.env|createEnv|envalid|ConfigModule|@nestjs\/config/.test(code)) return;
  for (const call of findCalls(
    code,
    /\b(?:(?:z|v|yup|Joi|joi|t|Type)\.(?:object|strictObject|looseObject|Object)|Joi|cleanEnv|envsafe|createEnv|convict)(?=\s*\()/g,
  )) {
    for (const given of call.arguments) if (given.text.startsWith('{')) addEntries(given, reads, call.name, 0);
  }
  // Joi.object().keys({ ... })
  if (/\b[Jj]oi\b/.test(code))
    for (const call of findCalls(code, /\.keys(?=\s*\(\s*\{)/g))
      for (const given of call.arguments) if (given.text.startsWith('{')) addEntries(given, reads, 'Joi.object', 0);
  for (const match of code.matchAll(/\benv:\s*(["'])([A-Z][A-Z0-9_]+)\1/g))
    if (/\bconvict\b/.test(code))
      reads.add(match[2], match.index, textOf(/default:\s*([^,\n}]+)/.exec(code.slice(Math.max(0, match.index - 200), match.index))?.[1]));
}

function addEntries(given: Argument, reads: Reads, callee: string, depth: number): void {
  const end = closing(given.text, 0);
  for (const entry of parseArguments(given.text.slice(1, end < 0 ? undefined : end), given.offset + 1)) {
    if (depth < 2 && /^(?:server|client|shared|schema)$/.test(entry.name) && entry.text.startsWith('{'))
      addEntries(entry, reads, callee, depth + 1);
    if (!upperName.test(entry.name) || entry.name.length < 3) continue;
    // runtimeEnv and the like repeat the names with process.env.X, which the direct reads have.
    // A schema may be chosen by one: process.env.NODE_ENV === 'production' ? z.string() : z.string().optional().
    const chosen = /^process\.env\.NODE_ENV\s*[!=]==?\s*["']\w+["']\s*\?\s*(?!process\b)\w/.test(entry.text);
    if (!chosen && /^(?:process|import\.meta)\b|^["'{\d]/.test(entry.text)) continue;
    const options = /\(\s*(\{[\s\S]*\})\s*\)/.exec(entry.text);
    const option = options ? argument(parseArguments(options[1]!.slice(1, -1)), 'default') : undefined;
    const chained = /\.default\(\s*((?:[^()]|\([^()]*\))*)\)/.exec(entry.text)?.[1];
    const optional =
      /\.(?:optional|nullish|nullable|catch|prefault)\(/.test(entry.text) || /^(?:v\.optional|v\.nullish)\(/.test(entry.text);
    const joi = /^[Jj]oi\b|^yup/.test(entry.text) || /^(?:Joi|joi|yup)/.test(callee);
    const fallback = option?.text ?? chained;
    const required = fallback === undefined && !optional && (joi ? /\.required\(/.test(entry.text) : true);
    reads.add(entry.name, entry.offset, textOf(fallback), required);
  }
}
