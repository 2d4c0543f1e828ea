import type { Item, Reader } from '../../../model/document.js';
import { entriesOf, findCalls, type Argument } from '../syntax-text.js';
import { optionsOf } from '../syntax-value.js';
import { clientItem, timeoutOf } from './shared.js';

type Options = ReadonlyMap<string, Argument> | null;
const insecure = /rejectUnauthorized\s*:\s*false/;

/** Vendor clients and their default timeout in seconds (README of openai-node, anthropic-sdk-typescript, stripe-node, groq-typescript). */
const vendors: Record<string, [string, number]> = {
  OpenAI: ['openai', 600],
  AzureOpenAI: ['openai', 600],
  Anthropic: ['anthropic', 600],
  Stripe: ['stripe', 80],
  ChatOpenAI: ['openai', 600],
  ChatAnthropic: ['anthropic', 600],
  Groq: ['groq', 60],
  ChatGroq: ['groq', 60],
};

/** axios, got, ky, superagent, node-fetch, fetch and undici, request; vendor SDKs; verification switched off. */
export const node: Reader = {
  name: 'http-clients/node',
  kind: 'http-clients',
  files: { languages: ['javascript', 'typescript', 'tsx'], roles: ['product', 'script'] },
  keywords: [
    'axios',
    'got',
    'fetch',
    'undici',
    'superagent',
    'ky',
    'rejectUnauthorized',
    'NODE_TLS_REJECT_UNAUTHORIZED',
    'openai',
    'anthropic',
    'stripe',
    'groq',
  ],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const imports = (name: string) => new RegExp(`(?:from\\s*|require\\(\\s*|import\\(\\s*)["']${name}["']`).test(code);
    const timed = (options: Options, raw: string, names: readonly string[] = ['timeout']) => {
      if (options?.has('signal') || /AbortSignal\.timeout|\bsignal\b/.test(raw)) {
        const after = /AbortSignal\.timeout\(\s*([\d_]+)/.exec(raw);
        return { timeoutSet: true, timeout: after ? Number(after[1]!.replace(/_/g, '')) / 1000 : null };
      }
      const text = names.map((n) => options?.get(n)?.text).find((t) => t !== undefined);
      if (text?.startsWith('{')) return timeoutOf(/\b(?:request|response|total|deadline)\s*:\s*([^,}]+)/.exec(text)?.[1], code, 'ms');
      if (text === undefined && /\.\.\./.test(raw)) return { timeoutSet: null, timeout: null };
      return timeoutOf(text, code, 'ms');
    };
    if (imports('axios')) {
      const retries = /axios-retry|axiosRetry|retry-axios|raxConfig/.test(code) ? true : null;
      const defaults = /\baxios\.defaults\.timeout\s*=\s*([\d_]+)/.exec(code);
      for (const call of findCalls(code, /\baxios\.create(?=\s*\()/g)) {
        const options = optionsOf(call.arguments[0]?.text ?? '{}', code) as Options;
        items.push(
          clientItem(source, call.offset, 'axios', {
            kind: 'construct',
            ...timed(options, call.inner),
            retries,
            verify: insecure.test(call.inner) ? false : null,
            pooled: /keepAlive\s*:\s*true/.test(call.inner) || null,
          }),
        );
      }
      for (const call of findCalls(
        code,
        /(?<![\w.$])axios(?:\.(?:get|delete|head|options|post|put|patch|request))?(?:<[^>()]{1,80}>)?(?=\s*\()/g,
      )) {
        const position = /\.(?:post|put|patch)\b/.test(call.name)
          ? 2
          : /\.(?:get|delete|head|options)\b/.test(call.name)
            ? 1
            : call.arguments.length > 1
              ? 1
              : 0;
        const raw = call.arguments[position]?.text ?? '';
        const options = raw ? (optionsOf(raw, code) as Options) : null;
        const own = raw && !options ? { timeoutSet: null, timeout: null } : timed(options, raw);
        items.push(
          clientItem(source, call.offset, 'axios', {
            kind: 'call',
            ...(own.timeoutSet === false && defaults ? { timeoutSet: true, timeout: Number(defaults[1]!.replace(/_/g, '')) / 1000 } : own),
            retries,
            verify: insecure.test(raw) ? false : null,
            perCall: true,
            pooled: false,
          }),
        );
      }
    }
    if (imports('got')) {
      for (const call of findCalls(
        code,
        /(?<![\w.$])got(?:\.(?:get|post|put|patch|delete|head|extend|stream))?(?:<[^>()]{1,80}>)?(?=\s*\()/g,
      )) {
        const extend = call.name.endsWith('.extend');
        const raw = call.arguments[extend ? 0 : 1]?.text ?? '';
        const options = raw ? (optionsOf(raw, code) as Options) : null;
        items.push(
          clientItem(source, call.offset, 'got', {
            kind: extend ? 'construct' : 'call',
            ...timed(options, raw),
            retries: true,
            verify: insecure.test(raw) ? false : null,
            perCall: extend ? undefined : true,
          }),
        );
      }
    }
    if (imports('ky')) for (const call of findCalls(code, /(?<![\w.$])ky(?:\.(?:get|post|put|patch|delete|create|extend))?(?=\s*\()/g)) {
      const options = optionsOf(call.arguments[/create|extend/.test(call.name) ? 0 : 1]?.text ?? '{}', code) as Options;
      const disabled = options?.get('timeout')?.text === 'false';
      items.push(clientItem(source, call.offset, 'ky', { kind: /create|extend/.test(call.name) ? 'construct' : 'call', ...timed(options, call.inner), timeout: disabled ? 0 : timed(options, call.inner).timeout, defaultTimeout: 10, retries: true }));
    } // prettier-ignore
    if (imports('superagent')) for (const call of findCalls(code, /(?<![\w.$])(?:superagent|request)\.(?:get|post|put|patch|delete|del)(?=\s*\()/g)) {
      const chain = code.slice(call.end, call.end + 800).split(';')[0]!;
      const set = /\.timeout\(\s*([\d_]+)?/.exec(chain);
      items.push(clientItem(source, call.offset, 'superagent', { kind: 'call', timeoutSet: set !== null, timeout: set?.[1] ? Number(set[1].replace(/_/g, '')) / 1000 : null, retries: /\.retry\(/.test(chain) || null, verify: /\.disableTLSCerts\(/.test(chain) ? false : null, perCall: true }));
    } // prettier-ignore
    const legacy = imports('node-fetch') || imports('cross-fetch') || imports('isomorphic-fetch');
    for (const call of findCalls(code, /(?<![\w.$])fetch(?=\s*\(\s*(?:["'`]https?:|[\w`]))/g)) {
      const raw = call.arguments[1]?.text ?? '';
      if (
        /^(?:async\s+)?(?:function\s+)?fetch/.test(code.slice(Math.max(0, call.offset - 9), call.offset + 5)) &&
        /function\s*$/.test(code.slice(0, call.offset))
      )
        continue;
      if (/^\s*\{/.test(code.slice(call.end, call.end + 3)) && !/=>/.test(call.inner)) continue; // a method called fetch
      const options = raw ? (optionsOf(raw, code) as Options) : null;
      items.push(
        clientItem(source, call.offset, legacy ? 'node-fetch' : 'fetch', {
          kind: 'call',
          ...(raw && !options ? { timeoutSet: null, timeout: null } : timed(options, raw)),
          defaultTimeout: legacy ? null : 300,
          perCall: true,
        }),
      );
    }
    if (imports('undici')) for (const call of findCalls(code, /\bnew\s+(?:Agent|Pool|Client)(?=\s*\()/g)) {
      const options = (call.arguments.map((a) => entriesOf(a.text)).find(Boolean) ?? null) as Options;
      items.push(clientItem(source, call.offset, 'undici', { kind: 'construct', ...timed(options, '', ['bodyTimeout', 'headersTimeout']), defaultTimeout: 300, verify: insecure.test(call.inner) ? false : null, pooled: true }));
    } // prettier-ignore
    for (const call of findCalls(code, new RegExp(`\\bnew\\s+(?:${Object.keys(vendors).join('|')})(?=\\s*\\()`, 'g'))) {
      const name = call.name.replace(/^new\s+/, '');
      const [technology, defaultTimeout] = vendors[name]!;
      const options = (call.arguments.map((a) => entriesOf(a.text)).find(Boolean) ?? null) as Options;
      const retries = options?.get('maxRetries')?.text ?? options?.get('maxNetworkRetries')?.text;
      items.push(
        clientItem(source, call.offset, technology, {
          kind: 'construct',
          ...timed(options, ''),
          defaultTimeout,
          retries: retries !== '0',
          pooled: true,
        }),
      );
    }
    for (const match of code.matchAll(
      /NODE_TLS_REJECT_UNAUTHORIZED["']?\]?\s*=\s*["']?0|rejectUnauthorized\s*:\s*false|strictSSL\s*:\s*false/g,
    )) {
      const line = source.at(match.index).line;
      if (!items.some((i) => i.line === line && i.verify === false))
        items.push(clientItem(source, match.index, 'tls', { kind: 'construct', timeoutSet: null, verify: false }));
    }
    return { items };
  },
};
