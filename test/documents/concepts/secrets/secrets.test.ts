import { describe, expect, it } from 'vitest';
import { secretsCombiner, secretsReaders } from '../../../../src/documents/concepts/secrets/index.js';
import type { Item } from '../../../../src/model/document.js';
import { concepts } from '../../../../src/model/concepts.js';
import type { FileInfo } from '../../../../src/model/file.js';
import { sourceOf } from '../../../support/source.js';

async function read(path: string, text: string, file: Partial<FileInfo> = {}): Promise<Item[]> {
  const source = sourceOf(path, text, file);
  const items: Item[] = [];
  for (const { files, keywords, read } of secretsReaders) {
    if (!files.roles!.includes(source.file.role) || (files.variants && !files.variants.includes(source.file.variant))) continue;
    if (files.paths && !/\.ya?ml$/.test(path)) continue;
    if (keywords!.some((k) => text.toLowerCase().includes(k.toLowerCase()))) items.push(...((await read(source)).items ?? []));
  }
  for (const item of items) concepts.secrets.parse(item);
  return [...secretsCombiner.combine(items, { items: () => [], documents: () => [], files: [] })];
}

// Made up, and put together at run time so that no file holds anything in a provider's format.
const pool = 'q7Zx2LmV9bTn4RkW8sYd3HgJ6pCfE5uAoN1iKtMrQwXzBvSyDhGjPcFeUaLl0OIn';
const some = (n: number, from = 0) => (pool + pool + pool).slice(from, from + n);
const upper = (n: number) => 'Q7ZX2LMV5BTN4RKW3SYD'.slice(0, n);
const hex = (n: number) => '9f3c1ab27de4508b6c1d92e7fa4350bd8c71e6f2309ad5b4'.repeat(2).slice(0, n);
const aws = `AK${'IA'}${upper(16)}`;
const gh = `gh${'p_'}${some(36)}`;
const anthropic = `sk-${'ant-'}api03-${some(60)}`;
const openai = `sk-${'proj-'}${some(60)}`;
const pemHead = `-----BEGIN RSA ${'PRIVATE'} KEY-----`;
const pem = `${pemHead}\nMIIEpAIBAAKCAQEA${some(48)}\n${some(64, 3)}\n-----END RSA ${'PRIVATE'} KEY-----\n`;
const b64 = (o: object | string) => Buffer.from(typeof o === 'string' ? o : JSON.stringify(o)).toString('base64url');
const token = (payload: object) => `${b64({ alg: 'HS256', typ: 'JWT' })}.${b64(payload)}.${some(43)}`;
const random = some(32);

type Case = [string, string, string[], Partial<Item>?];
const seen: Case[] = [
  ['Builder.php', "<?php\n$parameters['password'] = 'Tr0ub4dor*3';\n", ['assigned-literal']],
  ['a.py', `KEY = "${aws}"`, ['aws-access-key'], { excerpt: 'AKIA***', line: 1 }],
  ['README.md', `export AWS_ACCESS_KEY_ID=${aws}`, ['aws-access-key'], { role: 'docs' }],
  ['tests/test_a.py', `x = "${gh}"`, ['github-token'], { role: 'test' }],
  ['a.js', `const t = '${gh}';`, ['github-token']],
  ['a.js', `// ${gh}`, ['github-token']],
  ['.env.example', `GITHUB_TOKEN=${gh}`, ['github-token'], { variant: 'template' }],
  ['a.yml', `token: gl${'pat-'}${some(20)}`, ['gitlab-token']],
  ['a.rb', `Slack.token = "xo${'xb-'}12345678901-10987654321-${some(24)}"`, ['slack-token']],
  ['a.py', `hook = "https://hooks.slack.com/${'services'}/T${upper(8)}/B${upper(8)}/${some(24)}"`, ['slack-webhook']],
  ['a.py', `stripe.api_key = "sk_${'live_'}${some(24)}"`, ['stripe-key']],
  ['a.go', `const k = "AI${'za'}${some(35)}"`, ['google-api-key']],
  ['a.ts', `const c = new OpenAI({ apiKey: "${openai}" })`, ['openai-key']],
  ['a.py', `client = Anthropic(api_key="${anthropic}")`, ['anthropic-key']],
  ['a.py', `k = "S${'G.'}${some(22)}.${some(43)}"`, ['sendgrid-key']],
  ['.npmrc', `//registry.npmjs.org/:_authToken=np${'m_'}${some(36)}`, ['npm-token']],
  ['azurite.md', `AccountName=devstoreaccount1;Account${'Key='}Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6${(some(64) + some(64)).slice(0, 26)}==;`, []],
  ['a.cs', `var c = "DefaultEndpointsProtocol=https;Account${'Key='}${(some(64) + some(64)).slice(0, 86)}==;";`, ['azure-storage-key']],
  ['a.py', `k = "AK${'IA'}IOSFODNN7EXAMPLE"`, ['aws-access-key'], { placeholder: true }],
  ['key.pem', pem, ['private-key'], { line: 1 }],
  ['a.py', `KEY = """${pem}"""`, ['private-key']],
  ['tests/key.pem', pem, ['private-key'], { role: 'test' }],
  ['sa.json', JSON.stringify({ type: 'service_account', private_key: pem }), ['private-key']],
  ['a.js', `const t = "${token({ sub: 'u1', role: 'service_role', iat: 1 })}"`, ['jwt']],
  ['Flags.cs', 'public const string RotateMasterPassword = "team-4711-rotate-master-password";', []],
  ['Claims.cs', 'public const string ManageResetPassword = "manageresetpassword";', []],
  ['Keys.cs', 'public const string MasterPassword = "team-4711-zx81-rotate-everything";', ['assigned-literal']],
  // A field of pydantic's settings is a fallback; a class that only sounds like one holds a literal.
  ['config.py', `from pydantic_settings import BaseSettings\nclass Config(BaseSettings):\n    JWT_SECRET_KEY: str = "${random}"\n`, []],
  ['config.py', `class SettingsPage:\n    jwt_secret_key: str = "${random}"\n`, ['assigned-literal']],
  // The name of the user is a password that anybody guesses, the word of another entry is not.
  ['docker-compose.yml', 'services:\n  db:\n    environment:\n      MYSQL_USER: warehouse7\n      MYSQL_PASSWORD: warehouse7\n', ['default-password']],
  ['docker-compose.yml', 'services:\n  db:\n    environment:\n      MYSQL_USER: clerk7\n      MYSQL_PASSWORD: warehouse7\n', ['assigned-literal']],
  ['a.js', "const pwdChars = 'abcdefghkmnpqrstuvwxyzABCDEFHJK23456789_*=?'; const tokenAlphabet = '23456789ABCDEFGHJK';", []],
  ['a.ts', 'export enum Brand {\n  // of a manager\n  OnePassword = "bada5566-a7aa-401f-bd96-45619a55120d",\n}', []],
  ['a.ts', 'const names = { [Brand.OnePassword]: "1Password" };', []],
  ['a.ts', 'enum Kind { A = "a" }\nconst onePassword = "bada5566-a7aa-401f-bd96-45619a55120d";', ['assigned-literal']],
  ['a.tsx', '<Input placeholder="Key" /><Client headers={{ "X-api-key": "1234567890ab" }} />', ['assigned-literal']],
  ['settings.py', `SECRET_KEY = "${some(50)}"`, ['assigned-literal'], { name: 'SECRET_KEY', placeholder: false }],
  ['settings.py', "SECRET_KEY = '2^f+3@v7$v1f8yt0!s)3-1t$)tlp+xm17=*g))_xoi&&9m#2a&'", ['assigned-literal']],
  ['settings.py', "SECRET_KEY = 'django-insecure-#k2v9x@m4q'", ['assigned-literal']],
  ['config.py', 'JWT_SECRET: str = "supersecretkey"', ['assigned-literal']],
  ['config.js', "module.exports = { jwtSecret: 'mysecret99', port: 1 }", ['assigned-literal'], { name: 'jwtSecret' }],
  ['app.js', "app.use(session({ secret: 'keyboard cat' , resave: false }))", []],
  ['emoji.js', "const emoji = {\n  'scroll': '\\ud83d\\udcdc',\n  'secret':'\\u3299\\ufe0f',\n};", []],
  ['a.js', "const options = { secret: '\\u3299kTr0ub4dor3' };", ['assigned-literal']],
  ['api.json', '{"apiKeyExpirationDate": "2022-03-30T06:59:41.199Z"}', []],
  ['events/waiting.json', `{"detail": {"TaskToken": "AAAAKgAAAAIAAAAAAAAAA${some(40)}", "NextToken": "${some(40)}"}}`, []],
  ['api.json', `{"accessToken": "AAAAKgAAAAIAAAAAAAAAA${some(40)}"}`, ['assigned-literal']],
  ['api.json', '{"apiKey": "2022-03-30kTr0ub4dor"}', ['assigned-literal']],
  ['app.js', "app.use(session({ secret: 'keyboardcat42' , resave: false }))", ['assigned-literal']],
  ['Db.java', 'private static final String DB_PASSWORD = "Tr0ub4dor&3";', ['assigned-literal']],
  ['Db.java', 'ds.setPassword("Tr0ub4dor&3");', ['assigned-literal']],
  ['main.go', 'apiKey := "' + hex(32) + '"', ['assigned-literal']],
  ['main.go', 'const dbPassword string = "Tr0ub4dor3"', ['assigned-literal']],
  ['main.go', 'cfg := Config{ Password: "Tr0ub4dor3" }', ['assigned-literal']],
  ['a.php', "define('DB_PASSWORD', 'Tr0ub4dor3');", ['assigned-literal']],
  ['a.php', "return ['password' => 'Tr0ub4dor3'];", ['assigned-literal']],
  ['a.rb', "config.secret_key = '" + hex(64) + "'", ['assigned-literal']],
  ['a.rb', 'Devise.secret_key = "' + hex(64) + '"', ['assigned-literal']],
  ['a.cs', 'var clientSecret = "' + random + '";', ['assigned-literal']],
  ['a.rs', 'let api_key = "' + random + '";', ['assigned-literal']],
  ['a.kt', 'val password = "Tr0ub4dor3"', ['assigned-literal']],
  ['auth.py', 'if password == "letmein2024":', ['compared-literal']],
  ['auth.js', "if (req.body.password === 'Tr0ub4dor3') {", ['compared-literal']],
  ['app.py', 'conn = connect(host="h", password="Tr0ub4dor3")', ['assigned-literal']],
  ['seed.py', 'create_user("root", password="admin123")', ['default-password']],
  ['application.yml', 'spring:\n  datasource:\n    password: Tr0ub4dor3\n', ['assigned-literal'], { line: 3 }],
  ['application.yml', 'spring:\n  datasource:\n    password: password\n', ['default-password']],
  ['application.yml', 'jwt:\n  header: Authorization\n  secret: shop-admin-secret\n', ['assigned-literal'], { line: 3 }],
  ['application-prod.properties', 'jwt.secret=shop-admin-secret\n', ['assigned-literal']],
  ['compose.yml', 'environment:\n  POSTGRES_PASSWORD: postgres\n', ['default-password']],
  ['compose.yml', 'environment:\n  - POSTGRES_PASSWORD=Tr0ub4dor3\n', ['assigned-literal']],
  ['k8s/a.yaml', 'env:\n  - name: DB_PASSWORD\n    value: "Tr0ub4dor3"\n', ['assigned-literal'], { name: 'DB_PASSWORD' }],
  ['application.properties', 'spring.datasource.password=Tr0ub4dor3', ['assigned-literal']],
  ['.env', 'DB_PASSWORD=Tr0ub4dor3\nDEBUG=1', ['env-file']],
  ['.env.production', `export JWT_SECRET="${random}"`, ['env-file']],
  ['Dockerfile', 'FROM a\nENV API_KEY=' + random + '\n', ['dockerfile-env'], { line: 2 }],
  ['Dockerfile', 'FROM a\nENV DB_PASSWORD Tr0ub4dor3\n', ['dockerfile-env']],
  ['appsettings.json', `{ "Jwt": { "SecretKey": "${random}" } }`, ['assigned-literal']],
  ['web.config', '<add key="ApiSecret" value="' + random + '"/>', ['assigned-literal']],
  ['settings.xml', '<password>Tr0ub4dor3</password>', ['assigned-literal']],
  ['main.tf', 'master_password = "Tr0ub4dor3"', ['assigned-literal']],
  ['run.sh', 'export DB_PASSWORD=Tr0ub4dor3', ['assigned-literal']],
  ['config/secrets.yml', `development:\n  secret_key_base: ${hex(64)}\nproduction:\n  secret_key_base: <%= ENV["SECRET_KEY_BASE"] %>\n`, ['assigned-literal'], { variant: 'development' }],
  ['a.py', 'DB = "postgresql://app:Tr0ub4dor3@db.prod.acme.io:5432/app"', ['connection-url']],
  ['appsettings.json', '{"Default":"Server=sql.acme.io;Database=a;User Id=sa;Password=Tr0ub4dor3;"}', ['connection-url']],
  ['k8s/s.yaml', `apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  password: ${Buffer.from('Tr0ub4dor3').toString('base64')}\n`, ['kubernetes-secret'], { name: 'password' }],
  ['k8s/s.yaml', 'apiVersion: v1\nkind: Secret\nstringData:\n  db: Tr0ub4dor3\n', ['kubernetes-secret']],
  ['settings.py', 'SECRET_KEY = "change-me-please"', ['assigned-literal'], { placeholder: true }],
]; // prettier-ignore

const clean: [string, string][] = [
  ['Builder.php', "<?php\n$parameters['password'] = '**masked**';\n"],
  ['Install.php', "<?php\n$this->replace('DB_PASSWORD=null', 'DB_PASSWORD='.$request->input('db_password'));\n"],
  ['a.py', 'SECRET_KEY = os.environ["SECRET_KEY"]'],
  ['a.py', 'SECRET_KEY = os.getenv("SECRET_KEY", "Tr0ub4dor3x")'],
  ['a.py', 'password: str'],
  ['a.py', 'password = ""'],
  ['a.py', 'password = None'],
  ['a.py', 'password = "password"'],
  ['a.py', '# password = "Tr0ub4dor3"'],
  ['a.py', 'token_url = "https://a.org/oauth/token1234"'],
  ['a.py', 'oauth2 = OAuth2PasswordBearer(tokenUrl="api/v1/login/access-token")'],
  ['a.py', 'token_type: str = "bearer"'],
  ['a.py', 'tokenizer = "gpt2-tokenizer-v12"'],
  ['a.py', 'max_tokens = "1024000000"'],
  ['a.py', 'st.text_input("Key", key="chatbot_api_key", type="password")'],
  ['a.py', 'DUMMY_PASSWORD_HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$a9"'],
  ['a.py', 'password = f"{user}-{n}"'],
  ['a.py', 'password = "{{ password }}"'],
  ['a.py', 'class Meta: fields = ("password", "token")'],
  ['a.rb', 'if session[:password_reset_reason] == "compromised"'],
  ['a.py', 'PASSWORD_RESET_TEMPLATE = "emails/password_reset.html"'],
  ['a.py', 'api_key_header = APIKeyHeader(name="X-API-Key-12345678")'],
  ['a.js', "const TOKEN_KEY = 'access_token';"],
  ['a.js', "const token = 'user-token';"],
  ['a.js', "localStorage.setItem('token', value)"],
  ['a.js', "const FORGOT_PASSWORD = '/auth/forgot-password';"],
  ['a.js', "{ path: 'reset-password', name: 'resetPassword' }"],
  ['a.js', "password: 'Password',"],
  ['a.js', "password: 'Must have 8 characters',"],
  ['a.js', "password: { type: String, required: true }"],
  ['a.js', "const password = 'password';"],
  ['a.js', "tokenTypes = { ACCESS: 'access', RESET_PASSWORD: 'resetPassword' }"],
  ['a.js', "jwtSecret: process.env.JWT_SECRET || 'x9d8f7s6d5f4'"],
  ['a.js', "apiKey: config.apiKey,"],
  ['a.js', "const publicKey = 'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A';"],
  ['a.js', "const stripeKey = 'pk_live_" + some(24) + "';"],
  ['a.js', "firebase.initializeApp({ apiKey: 'AI" + 'za' + some(35) + "', authDomain: 'x.firebaseapp.com', projectId: 'x' })"],
  ['a.js', "case 'STRING_TOKEN': token = 'punctuation'; break;"],
  ['a.js', "const secretName = 'prod/db/main-2024';"],
  ['a.js', "credentialsId: '3f2b8c1e-1d2a-4c5b-9e8f-aabbccddeeff'"],
  ['a.js', "const csrfToken = 'a8d7f6s5d4f3a2s1';"],
  ['a.js', "password: yup.string().min(8)"],
  ['a.tsx', '<input type="password" name="password" autoComplete="current-password" />'],
  ['a.tsx', '<Input placeholder="Password" id="password1" />'],
  ['a.tsx', '<Textarea placeholder={`{"X-api-key": "1234567890"}`} />'],
  ['a.ts', "const t = '" + token({ role: 'anon', iss: 'supabase' }) + "'"],
  ['a.java', '@Value("${db.password}") private String password;'],
  ['a.java', 'private static final String PASSWORD_PARAM = "j_password1";'],
  ['a.java', 'String key = "-----BEGIN PRIVATE KEY-----";'],
  ['a.java', 'env.getProperty("spring.datasource.password");'],
  ['a.go', 'password := os.Getenv("DB_PASSWORD")'],
  ['a.go', 'Token: "json:\\"token1234567\\""'],
  ['a.php', "'password' => 'required|string|min:8|confirmed',"],
  ['a.php', "'password' => env('DB_PASSWORD', 'Tr0ub4dor3'),"],
  ['a.php', "'password' => Hash::make($request->password),"],
  ['a.rb', "config.secret_key = ENV['SECRET_KEY']"],
  ['a.rb', "# config.secret_key = '" + hex(64) + "'"],
  ['a.cs', 'var password = configuration["Db:Password"];'],
  ['locales/en.json', '{ "password": "Password12345x" }'],
  ['messages_en.properties', 'login.password=Kennwort1234'],
  ['application.yml', 'spring:\n  datasource:\n    password: ${DB_PASSWORD}\n'],
  ['application.yml', 'spring:\n  datasource:\n    password: ${DB_PASSWORD:Tr0ub4dor3}\n'],
  ['deploy.yaml', 'tls:\n  secret: shop-admin-secret\n'],
  ['application.yml', 'jwt:\n  secret: ${JWT_SECRET}\n'],
  ['values.yaml', 'existingSecret: my-app-secret\npasswordSecretKey: db-password\npassword: ""\n'],
  ['k8s/a.yaml', 'valueFrom:\n  secretKeyRef:\n    name: db-credentials\n    key: password\n'],
  ['k8s/a.yaml', 'imagePullSecrets:\n  - name: registry-secret-2\ntokenSecret: app-token\n'],
  ['k8s/s.yaml', 'kind: Secret\nstringData:\n  password: {{ .Values.password }}\n'],
  ['k8s/s.yaml', 'kind: Secret\ndata:\n  password: ENC[AES256_GCM,data:abc]\nsops:\n  mac: x\n'],
  ['k8s/s.yaml', 'kind: SealedSecret\nspec:\n  encryptedData:\n    password: AgB' + some(40) + '\n'],
  ['compose.yml', 'environment:\n  POSTGRES_PASSWORD: ${POSTGRES_PASSWORD?required}\n  POSTGRES_PASSWORD_FILE: /run/secrets/db_password\n'],
  ['.github/workflows/ci.yml', 'env:\n  TOKEN: ${{ secrets.GITHUB_TOKEN }}\n'],
  ['.env.example', 'DB_PASSWORD=Tr0ub4dor3'],
  ['.env', 'DB_PASSWORD=\nAPP_KEY=changeme\n'.replace('changeme', '')],
  ['openapi.yaml', 'openapi: 3.0.0\npaths:\n  a:\n    password: Tr0ub4dor3\n'],
  ['src/docs/components.yml', 'components:\n  schemas:\n    Token:\n      example:\n        token: ' + token({ sub: 'a', iat: 1 })],
  ['a.py', 'DB = "postgresql://app:Tr0ub4dor3@localhost:5432/app"'],
  ['a.py', 'DB = "postgresql://app:Tr0ub4dor3@db:5432/app"'],
  ['a.py', 'DB = f"postgresql://{user}:{password}@{host}/app"'],
  ['a.py', 'DB = "mysql://user:password@host.acme.io/app"'],
  ['a.sh', 'curl https://$USER:$TOKEN@git.acme.io/x'],
  ['a.py', 'url = "https://docs.acme.io/a:b@c"'],
  ['main.tf', 'password = var.db_password'],
  ['main.tf', 'password = random_password.db.result'],
  ['main.tf', 'secret_id = "projects/acme/secrets/db1"'],
  ['Dockerfile', 'FROM a\nARG NPM_TOKEN\nENV TOKEN=$NPM_TOKEN\n'],
  ['pom.xml', '<password>${env.TOKEN}</password>'],
  ['a.py', 'print("sk-...")'],
  ['a.css', '.sk-fading-circle-animation-loader-very-long-class { color: red }'],
  ['a.py', 'uuid = "3f2b8c1e-1d2a-4c5b-9e8f-aabbccddeeff"'],
  ['a.py', 'sha = "' + hex(64) + '"'],
  ['a.py', 'assert len(token) == 32'],
  ['a.py', 'KEY = "sk-your-openai-key-goes-here-please-replace"'],
  ['tests/a.test.js', "const password = 'Tr0ub4dor3';"],
  ['README.md', 'password: Tr0ub4dor3'],
]; // prettier-ignore

describe('secrets', () => {
  it.each(seen)('sees the credential in %s: %s', async (path, text, rules, fields) => {
    const items = await read(path, text);
    expect(items.map((i) => i.rule)).toEqual(rules);
    if (fields) expect(items[0]).toMatchObject(fields);
  });

  it.each(clean)('leaves %s alone: %s', async (path, text) => {
    expect(await read(path, text)).toEqual([]);
  });

  it('never carries a value', async () => {
    const items = await read('a.py', `SECRET_KEY = "${random}"\nT = "${gh}"\nDB = "postgres://a:${random}@db.acme.io/x"`);
    expect(items).toHaveLength(3);
    expect(JSON.stringify(items)).not.toContain(random.slice(0, 8));
    expect(JSON.stringify(items)).not.toContain(gh.slice(4, 12));
  });

  it('asks the engine for what own formats do not cover, and obeys no comment of the target', async () => {
    const secret = (some(64) + some(64, 7)).slice(0, 40);
    const items = await read('a.sh', `# secretlint-disable\nAWS_SECRET_${'ACCESS'}_KEY=${secret.replace(/[^A-Za-z0-9]/g, 'x')}\n`);
    expect(items.map((i) => i.rule)).toEqual(['aws-secret']);
  });

  it('skips minified lines', async () => {
    expect(await read('a.js', `${'a;'.repeat(1500)}password="Tr0ub4dor3"`)).toEqual([]);
  });
});
