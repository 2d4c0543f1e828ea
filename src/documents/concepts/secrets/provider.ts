import type { Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { entropy, isPlaceholder } from '../../../safe/redact.js';
import { secretItem } from './item.js';

interface Format {
  readonly rule: string;
  readonly prefix: RegExp;
  readonly pattern: RegExp;
  /** Smallest entropy of what follows the prefix, in bits per character. */
  readonly bits?: number;
}

const end = '(?![A-Za-z0-9_-])';
/** Credentials whose form alone tells what they are. Forms as their issuers document them; publishable keys are left out. */
const formats: readonly Format[] = [
  { rule: 'aws-access-key', prefix: /^A[KS]IA/, pattern: /(?<![A-Za-z0-9+/_-])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9+/=])/g },
  {
    rule: 'github-token',
    prefix: /^(?:gh[pousr]|github_pat)_/,
    pattern: /(?<![A-Za-z0-9_])(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{50,255})(?![A-Za-z0-9_])/g,
  },
  {
    rule: 'gitlab-token',
    prefix: /^gl\w+-/,
    pattern: new RegExp(`(?<![A-Za-z0-9_-])gl(?:pat|dt|rt|ptt|soat|cbt)-[A-Za-z0-9_-]{20,64}${end}`, 'g'),
  },
  {
    rule: 'slack-token',
    prefix: /^xox\w-/,
    pattern: new RegExp(`(?<![A-Za-z0-9_-])xox[abeoprs]-(?:\\d{6,}-){1,3}[A-Za-z0-9]{10,64}${end}`, 'g'),
  },
  {
    rule: 'slack-webhook',
    prefix: /^hooks\.slack\.com/,
    pattern: /hooks\.slack\.com\/services\/T[A-Z0-9]{6,12}\/B[A-Z0-9]{6,12}\/[A-Za-z0-9]{20,32}/g,
  },
  { rule: 'stripe-key', prefix: /^[sr]k_live_/, pattern: new RegExp(`(?<![A-Za-z0-9_])[sr]k_live_[A-Za-z0-9]{16,255}${end}`, 'g') },
  { rule: 'google-api-key', prefix: /^AIza/, pattern: new RegExp(`(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35}${end}`, 'g') },
  { rule: 'anthropic-key', prefix: /^sk-ant-/, pattern: new RegExp(`(?<![A-Za-z0-9_-])sk-ant-[A-Za-z0-9_-]{32,200}${end}`, 'g') },
  {
    rule: 'openai-key',
    prefix: /^sk-(?:proj-|svcacct-|admin-)?/,
    pattern: new RegExp(`(?<![A-Za-z0-9_-])sk-(?:(?:proj|svcacct|admin)-[A-Za-z0-9_-]{32,200}|[A-Za-z0-9]{32,64})${end}`, 'g'),
    bits: 3.5,
  },
  { rule: 'sendgrid-key', prefix: /^SG\./, pattern: new RegExp(`(?<![A-Za-z0-9_-])SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}${end}`, 'g') },
  { rule: 'npm-token', prefix: /^npm_/, pattern: new RegExp(`(?<![A-Za-z0-9_-])npm_[A-Za-z0-9]{36}${end}`, 'g') },
  { rule: 'pypi-token', prefix: /^pypi-/, pattern: new RegExp(`(?<![A-Za-z0-9_-])pypi-AgE[A-Za-z0-9_-]{50,300}`, 'g') },
  { rule: 'azure-storage-key', prefix: /^AccountKey=/, pattern: /AccountKey=[A-Za-z0-9+/]{86}==/g },
  { rule: 'shopify-token', prefix: /^shp\w\w_/, pattern: new RegExp(`(?<![A-Za-z0-9_])shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}${end}`, 'g') },
  { rule: 'digitalocean-token', prefix: /^do\w_v1_/, pattern: new RegExp(`(?<![A-Za-z0-9_])do[opr]_v1_[a-f0-9]{64}${end}`, 'g') },
  { rule: 'huggingface-token', prefix: /^hf_/, pattern: new RegExp(`(?<![A-Za-z0-9_])hf_[A-Za-z0-9]{34}${end}`, 'g'), bits: 3.5 },
  { rule: 'telegram-token', prefix: /^\d+:/, pattern: new RegExp(`(?<![A-Za-z0-9_-])\\d{8,10}:AA[A-Za-z0-9_-]{33}${end}`, 'g') },
  { rule: 'age-secret-key', prefix: /^AGE-SECRET-KEY-1/, pattern: /AGE-SECRET-KEY-1[A-Z0-9]{58}/g },
];

const sequence = /(?:0123|1234|2345|3456|4567|5678|6789|abcd|bcde|cdef|defg|qwer|aaaa|0000|1111)/i;
const runs = /(.)\1{4}/;

/** Filled in by hand: a placeholder word, a run of one character, or a keyboard sequence that makes up much of it. */
function invented(body: string): boolean {
  const sequences = body.match(new RegExp(sequence.source, 'gi'))?.length ?? 0;
  return isPlaceholder(body) || runs.test(body) || sequences >= 2;
}

/** Google keys of a Firebase web or mobile configuration identify a project and are public. */
const publicGoogle =
  /authDomain|messagingSenderId|storageBucket|firebase|google-services|GoogleService-Info|maps\.googleapis|maps\/api\/js/i;

/** Keys that Azure's emulators of storage and Cosmos DB ship with, the same on every machine. */
const emulator =
  /^(?:Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6|C2y6yDjf5\/R\+ob0N8A7Cgv30VRDJIWEHLM\+4QDU5DE2nQ9nDuVTqobD4b8mG)/;

function knownForms(source: Source): Item[] {
  const items: Item[] = [];
  for (const { rule, prefix, pattern, bits } of formats) {
    for (const match of source.text.matchAll(pattern)) {
      const value = match[0];
      const start = prefix.exec(value)?.[0] ?? '';
      const body = value.slice(start.length);
      if (
        rule === 'google-api-key' &&
        (publicGoogle.test(source.path) || publicGoogle.test(source.text.slice(Math.max(0, match.index - 400), match.index + 500)))
      )
        continue;
      if (rule === 'azure-storage-key' && emulator.test(body)) continue;
      const placeholder = invented(body);
      if (!placeholder && (entropy(body) < (bits ?? 3) || !/\d/.test(body))) continue;
      items.push(secretItem(source, match.index, rule, value, { prefix: start, placeholder }));
    }
  }
  return items;
}

const pem = /-----BEGIN ((?:[A-Z0-9]+ ){0,3})PRIVATE KEY( BLOCK)?-----/g;

/** A PEM or OpenPGP private key with its content: the header alone is a parser's constant. */
function privateKeys(source: Source): Item[] {
  const items: Item[] = [];
  for (const match of source.text.matchAll(pem)) {
    const after = source.text.slice(match.index + match[0].length, match.index + match[0].length + 700);
    // Line ends may be escaped, quoted, or concatenated.
    const content = after.split('-----END')[0]!.replace(/\\[nrt]|[\s"'`+,;\\]|(?:Proc-Type|DEK-Info|Version|Comment):[^\n]*/g, '');
    const body = /^[A-Za-z0-9+/=]{40,}/.exec(content)?.[0];
    if (body && !runs.test(body.slice(0, 40).replace(/A{5,}/g, 'A')) && entropy(body) > 3)
      items.push(secretItem(source, match.index, 'private-key', body, { prefix: '-----BEGIN ', name: `${match[1]}PRIVATE KEY` }));
  }
  const putty = /^PuTTY-User-Key-File-\d/m.exec(source.text);
  if (putty) items.push(secretItem(source, putty.index, 'private-key', '', { name: 'PuTTY' }));
  return items;
}

const jwt = /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,2000}\.(eyJ[A-Za-z0-9_-]{10,4000})\.([A-Za-z0-9_-]{20,1000})/g;
const openApi = /(?:^|\n)\s*["']?(?:openapi|swagger|components|securitySchemes)["']?\s*:|@swagger|@openapi|ApiProperty/;

/** Signed JWTs in product code and configuration; samples of documentation, anonymous (publishable) and demonstration tokens aside. */
function webTokens(source: Source): Item[] {
  if (!['product', 'config', 'script', 'ci'].includes(source.file.role) || source.file.variant === 'template') return [];
  if (/(?:^|\/)(?:docs?|openapi|swagger)[/.]|postman|insomnia/i.test(source.path) || openApi.test(source.code)) return [];
  const items: Item[] = [];
  for (const match of source.code.matchAll(jwt)) {
    const payload = Buffer.from(match[1]!, 'base64url').toString('utf8');
    if (!payload.startsWith('{') || /"role"\s*:\s*"anon"/.test(payload)) continue;
    const sample =
      /supabase-demo|"John Doe"|"1234567890"|example/i.test(payload) || match[2] === 'SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c';
    items.push(secretItem(source, match.index, 'jwt', match[2]!, { prefix: 'eyJ', placeholder: sample }));
  }
  return items;
}

const linted = /(?:gh[pousr]_|github_pat_|xox[abeoprs]-|xapp-|npm_|SG\.|shp(?:at|ca|pa|ss)_|lin_api_|ops_eyJ|sk-|AWS)/;
/** Rules of the preset that this reader leaves out: own detectors judge these, and comments in the target must not switch rules off. */
const left = /filter-comments|basicauth|privatekey|database-connection-string/;

type Lint = (source: Source) => Promise<{ rule: string; offset: number; end: number }[]>;
let lint: Promise<Lint> | null = null;

/** secretlint's engine and recommended rules, loaded when the first file with a known prefix shows up. */
async function loadLint(): Promise<Lint> {
  const [{ lintSource }, { rules }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ]);
  const chosen = rules.filter((rule) => !left.test(rule.meta.id)).map((rule) => ({ id: rule.meta.id, rule, options: {} }));
  return async (source) => {
    const result = await lintSource({
      source: { filePath: source.path, content: source.text, contentType: 'text', ext: /\.[^./]*$/.exec(source.path)?.[0] ?? '' },
      options: { config: { rules: chosen } as never, noPhysicFilePath: true, maskSecrets: true },
    });
    return result.messages.map((m) => ({ rule: m.ruleId.replace(/^.*secretlint-rule-/, ''), offset: m.range[0], end: m.range[1] }));
  };
}

async function byEngine(source: Source, known: ReadonlySet<number>): Promise<Item[]> {
  if (!linted.test(source.text)) return [];
  const found = await (await (lint ??= loadLint()))(source);
  return found
    .filter(({ offset, end: stop }) => stop - offset < 400 && !known.has(source.at(offset).line))
    .map(({ rule, offset, end: stop }) => ({ rule, offset, value: source.text.slice(offset, stop) }))
    .filter(({ value }) => entropy(value) >= 3 && /\d/.test(value))
    .map(({ rule, offset, value }) => secretItem(source, offset, `${rule}-secret`, value, { placeholder: invented(value) }));
}

/** Provider-format keys, private keys and signed tokens, in files of every kind. */
export const provider: Reader = {
  name: 'secrets/provider',
  kind: 'secrets',
  files: {
    roles: ['product', 'test', 'sample', 'script', 'docs', 'ci', 'config', 'template', 'other'],
    variants: ['base', 'production', 'staging', 'development', 'test', 'template'],
  },
  keywords: [
    'AKIA', 'ASIA', 'ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_', 'glpat-', 'gldt-', 'glrt-', 'glptt-', 'glsoat-', 'glcbt-', 'xoxa-', 'xoxb-', 'xoxe-', 'xoxo-', 'xoxp-',
    'xoxr-', 'xoxs-', 'xapp-', 'hooks.slack.com/services', 'sk_live_', 'rk_live_', 'AIza', 'sk-ant-', 'sk-proj-', 'sk-svcacct-', 'sk-admin-', 'T3BlbkFJ', '"sk-', "'sk-", '=sk-', ' sk-', 'SG.', 'npm_',
    'pypi-AgE', 'AccountKey=', 'shpat_', 'shpca_', 'shppa_', 'shpss_', 'dop_v1_', 'doo_v1_', 'dor_v1_', 'hf_', ':AA', 'AGE-SECRET-KEY-1', 'lin_api_', 'ops_eyJ', 'PRIVATE KEY', 'PuTTY-User-Key-File', 'eyJ',
    'AWS_SECRET', 'aws_secret',
  ], // prettier-ignore
  async read(source) {
    const items = [...knownForms(source), ...privateKeys(source), ...webTokens(source)];
    const lines = new Set(items.map((item) => item.line));
    return { items: [...items, ...(await byEngine(source, lines))] };
  },
};
