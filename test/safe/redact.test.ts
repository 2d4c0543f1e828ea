import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import glob from 'fast-glob';
import { entropy, excerptOf, isPlaceholder, isSecretLikeName, maskAll, maskSecrets } from '../../src/safe/redact.js';

describe('isSecretLikeName', () => {
  test.each([
    'password',
    'DB_PASSWORD',
    'dbPassword',
    'db-passwd',
    'MYSQL_PWD',
    'sshPassphrase',
    'SECRET_KEY',
    'APP_KEY',
    'client_secret',
    'CLIENTSECRET',
    'GITHUB_TOKEN',
    'accessToken',
    'refresh-token',
    'API_KEY',
    'apikey',
    'x-api-key',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'privateKey',
    'JWT_SIGNING_KEY',
    'ENCRYPTION_KEY',
    'GOOGLE_CREDENTIALS',
    'spring.datasource.password',
    'secret_key_base',
    'auth_key',
    'password_reset_token',
    'DB_PASS',
    'SMTP_PASS',
    'tokens',
    'FIRST_SUPERUSER_PASSWORD',
    'secretKey',
    'SecretKey',
    'csrf_secret',
    'TOKEN_SECRET',
    'password_hash',
    'VAULT_TOKEN',
    'API_TOKENS',
    'Jwt:SecretKey',
    'bot_token',
    'session_secret',
  ])('%s is', (name) => expect(isSecretLikeName(name)).toBe(true));
  test.each([
    'token_url',
    'tokenUrl',
    'tokenurl',
    'max_tokens',
    'maxTokens',
    'tokenizer',
    'tokenize',
    'tokenization_model',
    'csrf_token',
    'csrfToken',
    'xsrf-token',
    'csrfmiddlewaretoken',
    'token_type',
    'ACCESS_TOKEN_EXPIRE_MINUTES',
    'TOKEN_TTL',
    'PASSWORD_MIN_LENGTH',
    'AUTH_PASSWORD_VALIDATORS',
    'PASSWORD_HASHERS',
    'DB_PASSWORD_FILE',
    'secretName',
    'nextPageToken',
    'page_token',
    'cancellationToken',
    'eos_token',
    'completion_tokens',
    'tokens_per_minute',
    'PWD',
    'primary_key',
    'key',
    'keyboard',
    'author',
    'compass',
    'bypass',
    'public_key',
    'secretary',
    'monkey',
    'passport',
    'DATABASE_URL',
    'SENTRY_DSN',
    'prompt_tokens',
    'secretArn',
    'token_count',
    'tokens_used',
  ])('%s is not', (name) => expect(isSecretLikeName(name)).toBe(false));
  test('a connection URL is when its value carries a password', () => {
    expect(isSecretLikeName('DATABASE_URL', 'postgres://app:hunter2@db/app')).toBe(true);
    expect(isSecretLikeName('REDIS_URL', 'redis://:hunter2@cache:6379')).toBe(true);
    expect(isSecretLikeName('DATABASE_URL', 'postgres://db/app')).toBe(false);
    expect(isSecretLikeName('SENTRY_DSN', 'https://abc123@o1.ingest.sentry.io/2')).toBe(false);
    expect(isSecretLikeName('HOMEPAGE', 'https://a:b@c')).toBe(false);
  });
});

describe('isPlaceholder', () => {
  test.each([
    '',
    '  ',
    'null',
    'None',
    'changeme',
    'CHANGE-ME',
    'changethis',
    'change_this_now',
    'replace-with-a-key',
    'your-api-key',
    'YOUR_KEY',
    '<password>',
    '${DB_PASSWORD}',
    'prefix-${X}',
    '{{ .Values.password }}',
    'xxxxxx',
    '*****',
    'example-key',
    'AKIAIOSFODNN7EXAMPLE',
    'sample',
    'dummy',
    'placeholder',
    'TODO',
    'insert here',
    'REDACTED',
    'not-a-real-key',
    'fake-key',
    'generate-me',
    '$DB_PASSWORD',
    '%DB_PASSWORD%',
    'DJANGO_SECRET_KEY',
    'process.env.SECRET',
    "os.environ['X']",
    '/run/secrets/db',
    'arn:aws:secretsmanager:eu-west-1:1:secret:x',
    'op://vault/item/field',
    'vault:secret/data/x#y',
    'sk-...',
    '@Microsoft.KeyVault(SecretUri=https://x)',
    'secrets.TOKEN',
  ])('%j is', (value) => expect(isPlaceholder(value)).toBe(true));
  test.each([
    'secret',
    'password',
    'admin',
    'test',
    'hunter2',
    'postgres',
    '$2b$12$abcdefghijkl',
    'S3cr3t!',
    'PASSWORD',
    'nullable',
    'environment',
    'vaulted',
  ])('%j is not', (value) => expect(isPlaceholder(value)).toBe(false));
  test('nothing at all is', () => {
    expect(isPlaceholder(null)).toBe(true);
    expect(isPlaceholder(undefined)).toBe(true);
  });
});

test('entropy is in bits per character', () => {
  expect(entropy('')).toBe(0);
  expect(entropy('aaaa')).toBe(0);
  expect(entropy('abcd')).toBe(2);
});

const fake = (...parts: string[]): string => parts.join('');

describe('maskSecrets', () => {
  const token = fake('ghp', '_', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8');
  test.each([
    ['DB_PASSWORD=hunter2', 'DB_PASSWORD=****'],
    ['  password: "hunter2"', '  password: "****"'],
    [`"apiKey": 'hunter2',`, `"apiKey": '****',`],
    ["config['secret_key'] = 'hunter2'", "config['secret_key'] = '****'"],
    ["os.getenv('SECRET_KEY', 'hunter2')", "os.getenv('SECRET_KEY', '****')"],
    ['env("SECRET_KEY", default="hunter2")', 'env("SECRET_KEY", default="****")'],
    ["process.env.JWT_SECRET || 'hunter2'", "process.env.JWT_SECRET || '****'"],
    ['const secret: string = "hunter2";', 'const secret: string = "****";'],
    ['postgres://app:hunter2@db/app', 'postgres://app:****@db/app'],
    ['DATABASE_URL=redis://:hunter2@cache', 'DATABASE_URL=redis://:****@cache'],
    ['ENV DB_PASSWORD hunter2', 'ENV DB_PASSWORD ****'],
    ['mysqldump --password hunter2 app', 'mysqldump --password **** app'],
    ['mysqldump --password=hunter2 app', 'mysqldump --password=**** app'],
    ['<password>hunter2</password>', '<password>****</password>'],
    ["CREATE USER a IDENTIFIED BY 'hunter2'", "CREATE USER a IDENTIFIED BY '****'"],
    ['builder.password("hunter2")', 'builder.password("****")'],
    ['- name: DB_PASSWORD\n  value: hunter2', '- name: DB_PASSWORD\n  value: ****'],
    [`x = "${token}"`, 'x = "ghp_****"'],
    ['Authorization: Bearer abcdefghijkl1234', 'Authorization: Bearer ****'],
    [
      fake('-----BEGIN RSA PRIVATE', ' KEY-----\nMIIE\n-----END RSA PRIVATE', ' KEY-----'),
      fake('-----BEGIN RSA PRIVATE', ' KEY----- **** -----END RSA PRIVATE', ' KEY-----'),
    ],
    [fake('-----BEGIN PRIVATE', ' KEY-----\nMIIEabc'), fake('-----BEGIN PRIVATE', ' KEY----- ****')],
    ['the token is q8Zr4LmT0vXw2Yb6Nc1Kd9', 'the token is ****'],
  ])('%j', (text, expected) => expect(maskSecrets(text)).toBe(expected));
  test.each([
    'DB_PASSWORD=${DB_PASSWORD}',
    'password: {{ .Values.password }}',
    'password: changeme',
    'password: str',
    'password: string;',
    'secret_key = settings.SECRET_KEY',
    'token = create_token(user)',
    'max_tokens = 4096',
    'ACCESS_TOKEN_EXPIRE_MINUTES=30',
    "os.environ['SECRET_KEY']",
    'getSecret("db-password")',
    'FROM node@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'see https://host/path@2',
    'if password == "":',
  ])('leaves %j', (text) => expect(maskSecrets(text)).toBe(text));
  test('no value of a secret-like name survives, whatever the quoting', () => {
    const value = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{11}q7$/).filter((v) => !isPlaceholder(v));
    fc.assert(
      fc.property(
        value,
        fc.constantFrom('K=V', 'K: V', '"K": "V"', "K='V'", 'K = "V"', "K => 'V'", "['K'] = 'V'", 'K := "V"', 'export K=V', '-e K=V'),
        (secret, form) => {
          expect(maskSecrets(form.replace('K', 'API_KEY').replace('V', secret))).not.toContain(secret);
        },
      ),
    );
  });
});

test('what is left unlooked at holds nothing that a rule would mask', () => {
  const files = glob.sync(['fixtures/**', 'checks/**/*.yaml', 'test/safe/*.ts', 'src/safe/*.ts', 'README.md'], { dot: true });
  const lines = new Set(files.flatMap((file) => readFileSync(file, 'utf8').split('\n')));
  expect(lines.size).toBeGreaterThan(10_000);
  expect([...lines].filter((line) => maskSecrets(line) !== maskAll(line))).toEqual([]);
});

describe('excerptOf', () => {
  test('is one masked line of at most 200 characters', () => {
    expect(excerptOf('\t password = "hunter2"\n')).toBe('password = "****"');
    const long = excerptOf('x'.repeat(10_000));
    expect(long).toHaveLength(200);
    expect(long.endsWith('…')).toBe(true);
  });
  test('never cuts a character in half', () => {
    expect(excerptOf('😀'.repeat(300), 10)).toBe('😀😀😀😀…');
  });
});
