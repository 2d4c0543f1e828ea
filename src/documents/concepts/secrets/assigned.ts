import type { Item, Reader } from '../../../model/document.js';
import type { Variant } from '../../../model/file.js';
import type { Source } from '../../../model/source.js';
import { settingsFields } from '../settings/python-apps.js';
import { variantAt } from '../syntax-variant.js';
import { secretItem } from './item.js';
import { judgeAssignment, judgeUrl, type Verdict } from './judge.js';

type Found = { name: string; value: string; column: number; rule?: string };

const term = /pass|pwd|secret|token|key|credential|dsn/i;
const quoted = `(?:"((?:[^"\\\\\\n]|\\\\.)*)"|'((?:[^'\\\\\\n]|\\\\.)*)'|\`([^\`\\n$]*)\`)`;
const name = `["'\`]?([A-Za-z_$][\\w$.-]{0,100})["'\`]?`;
/** `NAME = "v"`, `name: "v"`, `"name" => "v"`, `name: str = "v"`, `const NAME string = "v"`, `["NAME"] = "v"`. */
const assignments = new RegExp(
  `(?<![\\w$.-])${name}\\s*\\]?\\s*(?:(?::\\s*(?:Final\\[?)?[A-Za-z][\\w.]*\\]?\\s*|\\s(?:string|String)\\s*)?(?::=|=(?![=>~])|=>)|:(?![:=]))\\s*(?:b|r|@)?${quoted}(?!\\s*(?:\\+|\\.format|%\\s|\\.\\s|\\?|\\|\\|| \\?))`,
  'g',
);
/** `setPassword("v")`, `.password("v")`, `define('DB_PASSWORD', 'v')`, `set("password", "v")`. */
const setters = new RegExp(
  `(?:\\.|\\b)(?:set|with)?([A-Za-z_]*(?:[Pp]assword|[Ss]ecret|[Aa]piKey|[Ss]igningKey))\\(\\s*${quoted}\\s*\\)`,
  'g',
);
const defines = new RegExp(
  `\\b(?:define|put|set|setProperty|setenv|Setenv|SetDefault)\\(\\s*["']([\\w.-]{3,100})["']\\s*,\\s*${quoted}\\s*\\)`,
  'g',
);
const compared = new RegExp(`\\b([\\w.$]*(?:password|passwd|pwd)[\\w$]*)(?:\\]|"\\]|'\\])?\\s*(?:===?|\\.equals\\()\\s*${quoted}`, 'gi');
/** What is said about a password, not the password: why it is reset, in which state it is, by which scheme it is hashed. */
const aboutPassword =
  /(?:reason|status|state|type|kind|mode|method|policy|strength|scheme|algorithm|action|step|error|message|field|format)s?$/i;

function inCode(line: string): Found[] {
  const found: Found[] = [];
  const push = (match: RegExpMatchArray, rule?: string) => {
    const value = match[2] ?? match[3] ?? match[4] ?? '';
    found.push({ name: match[1]!.slice(match[1]!.lastIndexOf('.') + 1), value, column: match.index ?? 0, rule });
  };
  for (const match of line.matchAll(assignments)) push(match);
  for (const match of line.matchAll(setters)) push(match);
  for (const match of line.matchAll(defines)) push(match);
  for (const match of line.matchAll(compared)) if (!aboutPassword.test(match[1]!)) push(match, 'compared-literal');
  return found;
}

const yamlEntry = /^\s*(?:-\s+)?["']?([A-Za-z_][\w.-]{0,100})["']?\s*:\s+(?:"([^"]*)"|'([^']*)'|([^\s#"'][^#\n]*?))\s*(?:#.*)?$/;
const listEntry = /^\s*-\s+["']?([A-Za-z_][\w.-]{0,100})=([^"'\s#]+)["']?\s*$/;
const nameValue = /^\s*(?:-\s+)?name:\s*["']?([A-Za-z_][\w.-]{0,100})["']?\s*$/;
const property = /^\s*(?:export\s+|set\s+)?([A-Za-z_][\w.-]{0,100})\s*[=:]\s*(?:"([^"]*)"|'([^']*)'|(\S+))\s*$/;
const dockerEnv = /(?:^\s*(?:ENV|ARG)\s+|\s)([A-Za-z_]\w{0,100})[= ](?:"([^"]*)"|'([^']*)'|(\S+))/g;
const xmlElement = /<([A-Za-z_][\w.:-]{0,100})>([^<>\s]{4,500})<\//g;
const xmlPair = /(?:key|name)\s*=\s*"([\w.:-]{2,100})"\s+(?:value|connectionString)\s*=\s*"([^"\n]{4,500})"/gi;
const jsonEntry = /"([A-Za-z_$][\w$.:-]{0,100})"\s*:\s*"((?:[^"\\\n]|\\.)*)"/g;

type Syntax = 'code' | 'yaml' | 'properties' | 'dockerfile' | 'xml' | 'json' | 'env' | null;

function syntaxOf(source: Source): Syntax {
  const path = source.path.toLowerCase();
  const base = path.slice(path.lastIndexOf('/') + 1);
  if (/\.ya?ml(?:\.j2)?$/.test(base)) return 'yaml';
  if (/^(?:\.env(?:\..*)?|.*\.env)$/.test(base)) return 'env';
  if (/\.(?:properties|ini|cfg|conf|toml|cnf)$/.test(base)) return 'properties';
  if (/^(?:dockerfile|containerfile)|\.dockerfile$/.test(base)) return 'dockerfile';
  if (/\.(?:xml|config|plist|csproj)$/.test(base)) return 'xml';
  if (/\.jsonc?$/.test(base)) return 'json';
  if (/\.(?:tf|tfvars|hcl)$/.test(base)) return 'code';
  return source.file.language && !['html', 'css', 'sql'].includes(source.file.language)
    ? source.file.language === 'shell'
      ? 'properties'
      : 'code'
    : null;
}

const first = (match: RegExpMatchArray) => match[2] ?? match[3] ?? match[4] ?? '';

function inLine(line: string, previous: string, syntax: Syntax): Found[] {
  switch (syntax) {
    case 'code':
      return inCode(line);
    case 'yaml': {
      const entry = yamlEntry.exec(line);
      const held = nameValue.exec(previous);
      if (entry && held && entry[1] === 'value') return [{ name: held[1]!, value: first(entry), column: line.indexOf(entry[1]) }];
      if (entry) return [{ name: entry[1]!, value: first(entry), column: line.indexOf(entry[1]!) }];
      const item = listEntry.exec(line);
      return item ? [{ name: item[1]!, value: item[2]!, column: line.indexOf(item[1]!) }] : [];
    }
    case 'env':
    case 'properties': {
      const entry = property.exec(line);
      return entry
        ? [{ name: entry[1]!, value: first(entry), column: line.indexOf(entry[1]!), rule: syntax === 'env' ? 'env-file' : undefined }]
        : [];
    }
    case 'dockerfile':
      return /^\s*(?:ENV|ARG)\s/i.test(line)
        ? [...line.matchAll(dockerEnv)].map((m) => ({ name: m[1]!, value: first(m), column: m.index, rule: 'dockerfile-env' }))
        : [];
    case 'xml':
      return [...line.matchAll(xmlElement), ...line.matchAll(xmlPair)].map((m) => ({ name: m[1]!, value: m[2]!, column: m.index }));
    case 'json':
      return [...line.matchAll(jsonEntry)].map((m) => ({ name: m[1]!, value: m[2]!, column: m.index }));
    default:
      return [];
  }
}

const translated =
  /(?:^|\/)(?:locales?|i18n|l10n|lang|langs|languages|translations?|intl|messages)(?:\/|\.|_)|(?:^|\/)(?:messages|strings|labels|translation)[\w.-]*\.(?:properties|json|ya?ml|xml|ts|js)$|\.(?:po|pot|resx|arb|xlf)$/i;
const ignoredFiles =
  /(?:^|\/)(?:package(?:-lock)?\.json|composer\.(?:json|lock)|tsconfig[\w.]*\.json|angular\.json|pom\.xml|[\w.-]*\.schema\.json|openapi[\w.-]*|swagger[\w.-]*|mkdocs\.yml|\.eslintrc[\w.]*|\.pre-commit-config\.yaml|[\w.-]*postman[\w.-]*|\.secrets\.baseline|nsswitch\.conf|[\w.-]*\.stories\.\w+)$/i;
const encrypted = /^\s*kind:\s*["']?(?:SealedSecret|ExternalSecret)|^sops:|\$ANSIBLE_VAULT/m;
const describesApi = /^\s*["']?(?:openapi|swagger|\$schema)["']?\s*:/m;

/** Top-level sections (development:, test:) and Spring profile documents are variants of their own. */
function yamlVariant(source: Source, row: number): Variant {
  if (source.file.variant !== 'base') return source.file.variant;
  const named: [RegExp, Variant][] = [[/^(?:development|dev|local)\b/, 'development'], [/^(?:test|testing)\b/, 'test'], [/^(?:staging|stage)\b/, 'staging'], [/^(?:production|prod)\b/, 'production']]; // prettier-ignore
  for (let i = row; i >= 0; i--) {
    const line = source.lines[i]!;
    if (line.startsWith('---')) break;
    const profile = /(?:on-profile|profiles)\s*:\s*["']?(\w+)/.exec(line)?.[1] ?? /^["']?(\w+)["']?\s*:\s*(?:&\w+\s*)?$/.exec(line)?.[1];
    if (!profile) continue;
    const variant = named.find(([pattern]) => pattern.test(profile))?.[1];
    if (variant) return variant;
    if (/^["']?\w/.test(line) && !line.startsWith('spring')) break;
  }
  for (let i = row; i < source.lines.length && !source.lines[i]!.startsWith('---'); i++) {
    const profile = /on-profile\s*:\s*["']?(\w+)/.exec(source.lines[i]!)?.[1];
    const variant = profile && named.find(([pattern]) => pattern.test(profile))?.[1];
    if (variant) return variant;
  }
  return 'base';
}

const rules: Record<NonNullable<Verdict>['kind'], string> = {
  secret: 'assigned-literal',
  default: 'default-password',
  placeholder: 'assigned-literal',
};
const url = /\b([a-z][a-z0-9+.-]{1,20}):\/\/([^\s/:@"'`<>]{0,100}):([^\s/@"'`<>]{1,200})@([A-Za-z0-9._[\]:-]{1,200})/g;
const ado =
  /\b(?:Server|Host|Data Source|Addr(?:ess)?)\s*=\s*(?:tcp:)?([^;"',]{1,200})[^"'\n]{0,300}?;\s*(?:Password|Pwd)\s*=\s*([^;"'\n]{1,200})/gi;

/** Literals assigned to secret-like names, and passwords in connection strings, in product code and configuration. */
export const assignedLiterals: Reader = {
  name: 'secrets/assigned',
  kind: 'secrets',
  files: { roles: ['product', 'script', 'config'], variants: ['base', 'production', 'staging', 'development', 'test'] },
  keywords: [
    'password',
    'passwd',
    'pwd',
    'passphrase',
    '_pass',
    'secret',
    'token',
    'api_key',
    'apikey',
    'api-key',
    'access_key',
    'accesskey',
    'access-key',
    'private_key',
    'privatekey',
    'signing_key',
    'signingkey',
    'encryption_key',
    'encryptionkey',
    'encryption-key',
    'credential',
    'auth_key',
    'authkey',
    'app_key',
    '://',
    'pwd=',
  ],
  read(source) {
    const syntax = syntaxOf(source);
    const api =
      syntax === 'yaml' || syntax === 'json' ? describesApi.test(source.code.slice(0, 4_000)) || encrypted.test(source.code) : false;
    const generic = syntax !== null && !api && !translated.test(source.path) && !ignoredFiles.test(source.path);
    const items: Item[] = [];
    // Fields of pydantic's settings are fallbacks of the environment, which are another check's.
    const fallbacks =
      source.file.language === 'python' && source.code.includes('Settings')
        ? new Set(settingsFields(source).map((field) => source.at(field.offset).line))
        : null;
    let offset = 0;
    source.lines.forEach((line, row) => {
      if (line.length <= 2_000) {
        if (
          generic &&
          !fallbacks?.has(row + 1) &&
          term.test(`${line}${syntax === 'yaml' && /^\s*value:/.test(line) ? source.lines[row - 1] : ''}`)
        )
          items.push(...judged(source, syntax, line, row, offset));
        if (line.includes('://') || /(?:Password|Pwd)\s*=/i.test(line)) items.push(...connections(source, line, offset));
      }
      offset += line.length + 1;
    });
    return { items };
  },
};

function judged(source: Source, syntax: Syntax, line: string, row: number, offset: number): Item[] {
  const items: Item[] = [];
  const seen = new Set<string>();
  for (const found of inLine(line, source.lines[row - 1] ?? '', syntax)) {
    const verdict =
      found.rule === 'compared-literal'
        ? (found.value.length >= 6 && judgeAssignment('password', found.value, false)) || null
        : judgeAssignment(found.name, found.value, syntax !== 'code', springSettings.test(source.path));
    if (!verdict || seen.has(found.value) || shownInField.test(line.slice(0, found.column))) continue;
    if (syntax === 'code' && source.file.language === 'typescript' && inEnum(source.code, offset + found.column)) continue;
    if (syntax === 'code' && (fallbackOf(line, found.column) || viperDefault(source, line, found.column))) continue;
    seen.add(found.value);
    const variant =
      syntax === 'yaml' ? yamlVariant(source, row) : syntax === 'code' ? variantAt(source, offset + found.column) : source.file.variant;
    const guessed =
      verdict.kind === 'default' || (syntax === 'yaml' && /pass|pwd/i.test(found.name) && namesUser(source, row, found.value));
    const rule = guessed ? rules.default : (found.rule ?? rules[verdict.kind]);
    items.push(
      secretItem(source, offset + found.column, rule, found.value, {
        name: found.name,
        placeholder: verdict.kind === 'placeholder',
        variant,
      }),
    );
  }
  return items;
}

/** The lines around give the same value to a user: a password that anybody guesses, whatever the word. */
function namesUser(source: Source, row: number, value: string): boolean {
  return source.lines.slice(Math.max(0, row - 4), row + 5).some((line) => {
    const [found] = inLine(line, '', 'yaml');
    return found !== undefined && found.value === value && /user(?:_?name)?$/i.test(found.name);
  });
}

const springSettings = /(?:^|\/)(?:application|bootstrap)(?:-[\w-]{1,60})?\.(?:ya?ml|properties)$/;

/** `placeholder={'{"api-key": "12"}'}`: what an empty input field shows. */
const shownInField = /\bplaceholder\s*[=:]\s*[{("'`][^<>]*$/i;

/** Members of an enumeration name kinds of things: `enum Brand { OnePassword = "bada5566-..." }`. */
function inEnum(code: string, offset: number): boolean {
  const before = code.slice(Math.max(0, offset - 20_000), offset);
  const at = before.lastIndexOf('enum ');
  return at >= 0 && /^enum\s+\w{1,80}\s*\{[^{}]*$/.test(before.slice(at));
}

/** `getenv("X", default="v")`, `env("X", "v")`: a fallback, which is another check's. */
const fallbackOf = (line: string, column: number) =>
  /(?:getenv|environ|\benv|config|fetch|process\.env|\bENV\b|Field|Option)\b[^;]*$/.test(line.slice(0, column)) &&
  /\(\s*["'][\w.]+["']\s*,\s*[^)]*$|Field\([^)]*$|Option\([^)]*$/.test(line.slice(0, column + 12));

/** `viper.SetDefault("jwt-secret", "v")` where viper looks into the environment first: a fallback as well. */
const viperDefault = (source: Source, line: string, column: number) =>
  line.startsWith('SetDefault', column) && source.code.includes('AutomaticEnv(');

function connections(source: Source, line: string, offset: number): Item[] {
  const items: Item[] = [];
  for (const match of line.matchAll(url)) {
    const host = match[4]!.replace(/:\d*$/, '');
    if (judgeUrl(match[2]!, match[3]!, host))
      items.push(secretItem(source, offset + match.index, 'connection-url', match[3]!, { name: match[1]!, prefix: `${match[1]}://` }));
  }
  for (const match of line.matchAll(ado)) {
    if (judgeUrl('', match[2]!.trim(), match[1]!.trim().replace(/[,\\:].*$/, '')))
      items.push(secretItem(source, offset + match.index, 'connection-url', match[2]!, { name: 'connection string' }));
  }
  return items;
}
