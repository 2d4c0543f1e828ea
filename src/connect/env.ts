import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { ConnectFailure, type ConnectContext, type Connector } from '../model/environment.js';
import { entropy, isPlaceholder, isSecretLikeName } from '../safe/redact.js';
import { parseEnvFile } from './dotenv.js';
import { isCommonPassword } from './passwords.js';

const fileBytes = 1_000_000;

const urlFacts = z.object({
  scheme: z.string().default('https').describe('postgresql, redis, rediss, https, smtp ...'),
  host: z
    .enum(['loopback', 'private', 'name', 'public', 'sample'])
    .default('public')
    .describe(
      'loopback; a private address; a name without a dot or ending in .local or .internal; a public name or address; example.org and the like',
    ),
  user: z.boolean().default(false).describe('Whether a user name is given'),
  password: z.boolean().default(false).describe('Whether a password is given'),
  encrypted: z
    .boolean()
    .nullable()
    .default(null)
    .describe('By its scheme or its sslmode, tls or ssl parameter; null where the URL leaves that to the client'),
});

const variableFacts = z.object({
  name: z.string().default('').describe('Name of the variable'),
  empty: z.boolean().default(false).describe('Set to nothing, or to blanks'),
  length: z.number().default(0).describe('Characters of the value'),
  distinct: z.number().default(0).describe('Different characters in the value'),
  bits: z.number().default(0).describe('Shannon entropy of the whole value in bits; 32 random hexadecimal digits have about 110'),
  bytes: z.number().nullable().default(null).describe('Bytes that a hexadecimal or base64 value decodes to, else null'),
  secretLike: z.boolean().default(false).describe('By its name (or a password in its URL) a secret'),
  placeholder: z.boolean().default(false).describe('Still to be filled in: empty, changeme, your-..., <...>, ${...}, example ...'),
  common: z
    .boolean()
    .default(false)
    .describe('The whole value is one of the passwords that are tried first: password, admin123, postgres ...'),
  sample: z
    .boolean()
    .default(false)
    .describe('A well-known default of a template: keyboard cat, django-insecure-..., the example keys of cloud providers'),
  equalTo: z.array(z.string()).default([]).describe('Other variables with the same value, where it is not empty'),
  format: z
    .enum([
      'empty',
      'url',
      'boolean',
      'number',
      'email',
      'uuid',
      'jwt',
      'pem-private-key',
      'pem-certificate',
      'json',
      'hex',
      'base64',
      'path',
      'list',
      'text',
    ])
    .default('text')
    .describe('What the value looks like'),
  word: z
    .string()
    .nullable()
    .default(null)
    .describe(
      'The value itself, in lower case, where it is one of a fixed list of harmless words: true, production, debug, smtp ...; else null',
    ),
  number: z.number().nullable().default(null).describe('The value of a number of up to 15 characters that is no secret, else null'),
  url: urlFacts.nullable().default(null).describe('Parts of a URL that tell nothing secret, else null'),
  looksProduction: z
    .boolean()
    .nullable()
    .default(null)
    .describe('true: a live key, a public address, the word production; false: a test key, a loopback address, development; else null'),
});

const passwordFacts = z.object({
  name: z.string().default('').describe('Variable that holds the password, alone or in its URL'),
  inUrl: z.boolean().default(false).describe('Whether it is the password of a URL'),
  length: z.number().default(0).describe('Characters'),
  bits: z.number().default(0).describe('Shannon entropy of the whole password in bits'),
  empty: z.boolean().default(false).describe('Nothing is set'),
  common: z.boolean().default(false).describe('Among the usual ones, also with digits at the end'),
  placeholder: z.boolean().default(false).describe('Still to be filled in'),
  equalsUser: z.boolean().default(false).describe('Equal to the user name beside it (of the URL, or DB_USER beside DB_PASSWORD)'),
});

export const envFacts = z.object({
  source: z.enum(['file', 'process']).default('file').describe('Where the variables come from'),
  file: z
    .object({
      mode: z.string().default('0600').describe('Permission bits: 0600'),
      readableByOthers: z.boolean().default(false).describe('By users outside its group'),
      writableByOthers: z.boolean().default(false).describe('By its group or by others'),
      repeated: z.array(z.string()).default([]).describe('Names given more than once'),
      brokenLines: z.array(z.number()).default([]).describe('Lines that are no assignment and no comment'),
    })
    .nullable()
    .default(null)
    .describe('null where the variables are those of the process'),
  names: z.array(z.string()).default([]).describe('All names that are set, sorted'),
  variables: z.array(variableFacts).default([]).describe('Every variable, by name'),
  passwords: z.array(passwordFacts).default([]).describe('Passwords of databases, caches, brokers, mail servers and administrators'),
});
export type EnvFacts = z.infer<typeof envFacts>;

/**
 * Variables of an env file, or with `-` those of the process that the audit runs in. Facts hold properties of values, never a value
 * that is not one of a fixed list of words or a short number.
 */
export const env: Connector = {
  connection: 'env',
  facts: envFacts,
  endpoints: (environment) => (environment.envFile === undefined ? [] : [placeOf(environment.envFile)]),
  async open(context: ConnectContext) {
    const named = context.environment.envFile;
    if (named === undefined) throw new ConnectFailure('not-named', 'no env file is named: --env-file FILE, or - for the process');
    const where = placeOf(named);
    const facts = await read(named);
    return { measure: async () => ({ where, facts }), close: async () => {} };
  },
};

const placeOf = (named: string): string => (named === '-' ? 'environment of the process' : named);

async function read(named: string): Promise<EnvFacts> {
  if (named === '-') return envFactsOf(new Map(Object.entries(process.env).filter((e): e is [string, string] => e[1] !== undefined)), null);
  const path = resolve(named);
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new ConnectFailure('not-understood', `${named} is no file`);
    if (info.size > fileBytes)
      throw new ConnectFailure('too-large', `${named} has ${info.size} bytes; an env file has at most ${fileBytes}`);
    const handle = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(fileBytes);
      const { bytesRead } = await handle.read(buffer, 0, fileBytes, 0);
      const parsed = parseEnvFile(buffer.toString('utf8', 0, bytesRead));
      return envFactsOf(parsed.variables, {
        mode: (info.mode & 0o7777).toString(8).padStart(4, '0'),
        readableByOthers: (info.mode & 0o004) !== 0,
        writableByOthers: (info.mode & 0o022) !== 0,
        repeated: [...parsed.repeated],
        brokenLines: parsed.broken.slice(0, 50),
      });
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof ConnectFailure) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new ConnectFailure('not-found', `${named} does not exist`);
    if (code === 'EACCES' || code === 'EPERM') throw new ConnectFailure('no-permission', `${named} may not be read by this user`);
    throw new ConnectFailure('not-understood', `${named} cannot be read (${code ?? 'unknown error'})`);
  }
}

/** What can be said of variables without telling their values; pure. */
export function envFactsOf(variables: ReadonlyMap<string, string>, file: EnvFacts['file']): EnvFacts {
  const byValue = new Map<string, string[]>();
  for (const [name, value] of variables) if (value.trim() !== '') byValue.set(value, [...(byValue.get(value) ?? []), name]);
  const names = [...variables.keys()].sort();
  return {
    source: file ? 'file' : 'process',
    file,
    names,
    variables: names.map((name) => {
      const value = variables.get(name) as string;
      return { ...propertiesOf(name, value), equalTo: (byValue.get(value) ?? []).filter((other) => other !== name).sort() };
    }),
    passwords: names.flatMap((name) => passwordsOf(name, variables)),
  };
}

function propertiesOf(name: string, value: string): Omit<EnvFacts['variables'][number], 'equalTo'> {
  const text = value.trim();
  const url = urlOf(text);
  const secretLike = isSecretLikeName(name, text) || Boolean(url?.password);
  const format = formatOf(text, url !== null);
  const word = secretLike || !words.has(text.toLowerCase()) ? null : text.toLowerCase();
  return {
    name,
    empty: text === '',
    length: [...text].length,
    distinct: new Set(text).size,
    bits: Math.round(entropy(text) * [...text].length),
    bytes: bytesOf(text, format),
    secretLike,
    placeholder: text === '' || isSample(text) || isUnfilled(text, secretLike),
    common: isCommonPassword(text),
    sample: isSample(text),
    format,
    word,
    number: !secretLike && /^-?\d{1,15}(?:\.\d{1,6})?$/.test(text) ? Number(text) : null,
    url,
    looksProduction: looksProduction(text, word, url),
  };
}

/** What somebody who fills in a template would still have to do; sentences about it are found in ordinary values as well. */
const unfilled =
  /change[-_ ]?(?:me|this|it)\b|replace[-_ ]?(?:me|this|with)\b|\byour[-_ ]|\$\{[^}]*\}|\{\{.*\}\}|^<[^<>]+>$|xxxx|\*\*\*|redacted|placeholder|insert[-_ ](?:your|here)|not[-_ ]a[-_ ]real|^(?:todo|example|sample|dummy|fake)\b|[@.]example\.(?:com|org|net)\b/i;

/** Of secrets the wide convention counts; but a long random value is none though it may hold `xxx` or `TODO` by chance. */
function isUnfilled(text: string, secret: boolean): boolean {
  const random = /^[A-Za-z0-9+/=_-]{24,}$/.test(text) && entropy(text) >= 4 && !/[-_](?:me|here|this|key|secret)\b/i.test(text);
  if (random) return false;
  return secret && !text.startsWith('/run/secrets/') ? isPlaceholder(text) : unfilled.test(text);
}

const samples =
  /^(?:keyboard ?cat|django-insecure-.*|.*EXAMPLE(?:KEY)?|AKIAIOSFODNN7EXAMPLE|wJalrXUtnFEMI\/K7MDENG\/.*|base64:AAAAAAA.*|ThisTokenIsNotSoSecretChangeIt|SomeRandomString|your[-_ ].*|my[-_ ](?:secret|super).*|sk_test_4eC39HqLyjWDarjtT1zdp7dc|09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7)$/i;
const isSample = (text: string): boolean => samples.test(text);

const words = new Set(
  (
    'true false yes no on off 1 0 enabled disabled none null auto default production prod live staging stage development dev debug local test ' +
    'testing ci release info notice warning warn error critical fatal trace verbose silent all json text plain pretty console file stdout stderr ' +
    'log array smtp smtps sendmail ses mailgun postmark sendgrid resend mailjet mailpit mailhog mailtrap locmem dummy memory redis memcached ' +
    'database db sqlite sqlite3 mysql mariadb postgres postgresql sync require required verify-full verify-ca prefer preferred allow disable strict ' +
    'lax noeviction allkeys-lru utc tls ssl starttls http https s3 gcs azure api cookie session django.core.mail.backends.smtp.emailbackend ' +
    'django.core.mail.backends.console.emailbackend django.core.mail.backends.filebased.emailbackend django.core.mail.backends.dummy.emailbackend ' +
    'django.core.mail.backends.locmem.emailbackend'
  ).split(' '),
);

function formatOf(text: string, isUrl: boolean): EnvFacts['variables'][number]['format'] {
  if (text === '') return 'empty';
  if (/^(?:true|false|yes|no|on|off)$/i.test(text)) return 'boolean';
  if (/^[+-]?\d{1,30}(?:\.\d{1,30})?$/.test(text)) return 'number';
  if (/^-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/.test(text)) return 'pem-private-key';
  if (/^-----BEGIN (?:CERTIFICATE|PUBLIC KEY|RSA PUBLIC KEY)/.test(text)) return 'pem-certificate';
  if (isUrl) return 'url';
  if (/^eyJ[\w-]{4,}\.[\w-]+\.[\w-]*$/.test(text)) return 'jwt';
  if (/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)) return 'uuid';
  if (/^(?:[^<>@]{0,80}<)?[^\s@<>,;:]{1,80}@[^\s@<>,;:]{1,200}\.[A-Za-z]{2,24}>?$/.test(text)) return 'email';
  if (/^[{[]/.test(text) && isJson(text)) return 'json';
  if (/^(?:[0-9a-f]{2}){8,}$/i.test(text)) return 'hex';
  if (/^(?:base64:)?[A-Za-z0-9+/_-]{16,}={0,2}$/.test(text) && /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text)) return 'base64';
  if (/^(?:\/|\.{1,2}\/|~\/)[^\s]*$/.test(text)) return 'path';
  return /^[^,\s]+(?:\s*,\s*[^,\s]+)+$/.test(text) ? 'list' : 'text';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function bytesOf(text: string, format: string): number | null {
  if (format === 'hex') return text.length / 2;
  if (format !== 'base64') return null;
  return Buffer.from(
    text
      .replace(/^base64:/, '')
      .replaceAll('-', '+')
      .replaceAll('_', '/'),
    'base64',
  ).length;
}

const plainSchemes = new Set(['http', 'ws', 'redis', 'amqp', 'smtp', 'ftp', 'ldap', 'mqtt']);
const securedSchemes = new Set(['https', 'wss', 'rediss', 'amqps', 'smtps', 'ftps', 'sftp', 'ldaps', 'mqtts', 'mongodb+srv']);

function urlOf(text: string): EnvFacts['variables'][number]['url'] {
  const parsed = parsedUrl(text);
  if (!parsed) return null;
  const scheme = parsed.protocol.slice(0, -1).toLowerCase();
  return {
    scheme,
    host: hostOf(parsed.hostname.toLowerCase()),
    user: parsed.username !== '',
    password: parsed.password !== '',
    encrypted: securedSchemes.has(scheme) || (tlsParameter(parsed) ?? (plainSchemes.has(scheme) ? false : null)),
  };
}

function parsedUrl(text: string): URL | null {
  if (!/^[a-z][a-z0-9+.-]{1,40}:\/\//i.test(text)) return null;
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function tlsParameter(url: URL): boolean | null {
  for (const key of ['sslmode', 'ssl', 'tls', 'ssl_mode', 'ssl-mode', 'encrypt']) {
    const value = url.searchParams.get(key)?.toLowerCase();
    if (value === undefined) continue;
    if (/^(?:require|required|verify[-_](?:full|ca|identity)|true|1|yes)$/.test(value)) return true;
    if (/^(?:disable|disabled|false|0|no)$/.test(value)) return false;
  }
  return null;
}

function hostOf(host: string): 'loopback' | 'private' | 'name' | 'public' | 'sample' {
  if (/^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0|)$/.test(host)) return 'loopback';
  if (/(?:^|\.)example(?:\.(?:com|org|net))?$|\.(?:invalid|test)$|^your[-_.]/.test(host)) return 'sample';
  if (/^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|\[f[cd])/.test(host)) return 'private';
  return !host.includes('.') || /\.(?:local|internal|lan|svc|cluster\.local)$/.test(host) ? 'name' : 'public';
}

function looksProduction(text: string, word: string | null, url: EnvFacts['variables'][number]['url']): boolean | null {
  if (/^(?:[srp]k_live_|AKIA[A-Z0-9]{16}$|xox[bp]-|SG\.|ghp_|key-live)/.test(text)) return true;
  if (/^(?:[srp]k_test_|test_|key-test|sandbox)/i.test(text)) return false;
  if (word !== null && /^(?:production|prod|live|release)$/.test(word)) return true;
  if (word !== null && /^(?:development|dev|debug|local|test|testing|staging|stage|ci)$/.test(word)) return false;
  if (!url) return null;
  if (url.host === 'loopback' || url.host === 'sample') return false;
  return url.host === 'public' ? true : null;
}

const passwordName = /PASS(?:WORD|WD|PHRASE)?$|^PASS|PASSWORD|_PWD$/i;
/** A user's own settings about passwords, or where a password is to be found, are none. */
const notPassword =
  /PASSWORD_?(?:FILE|PATH|MIN|MAX|LENGTH|RESET|HASH|SALT|POLICY|TTL|EXPIR|LOGIN|ENABLED|REQUIRED|URL)|STORE_?PASS|KEY_?PASS|PASSWORDLESS|BYPASS/i;

function passwordsOf(name: string, variables: ReadonlyMap<string, string>): EnvFacts['passwords'] {
  const value = (variables.get(name) ?? '').trim();
  const url = parsedUrl(value);
  if (url && url.protocol !== 'https:' && url.protocol !== 'http:') {
    if (url.password === '') return [];
    return [passwordFactsOf(name, true, decoded(url.password), decoded(url.username))];
  }
  if (!passwordName.test(name) || notPassword.test(name) || /^(?:OLD)?PWD$/.test(name) || value.startsWith('/run/secrets/')) return [];
  return [passwordFactsOf(name, false, value, userBeside(name, variables))];
}

function userBeside(name: string, variables: ReadonlyMap<string, string>): string {
  for (const user of ['USER', 'USERNAME', 'LOGIN', 'EMAIL']) {
    const beside = name.replace(/PASS(?:WORD|WD|PHRASE)?$|PWD$/i, user);
    const value = beside === name ? undefined : (variables.get(beside) ?? variables.get(beside.toLowerCase()));
    if (value?.trim()) return value.trim();
  }
  return '';
}

function passwordFactsOf(name: string, inUrl: boolean, password: string, user: string): EnvFacts['passwords'][number] {
  return {
    name,
    inUrl,
    length: [...password].length,
    bits: Math.round(entropy(password) * [...password].length),
    empty: password === '',
    common: password !== '' && isCommonPassword(password),
    placeholder: password === '' || isSample(password) || isUnfilled(password, true),
    equalsUser: password !== '' && password.toLowerCase() === user.toLowerCase(),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
