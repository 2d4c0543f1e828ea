import { closeSync, ftruncateSync, mkdirSync, openSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './cli.js';

/** What a hostile repository would like to see run, read or printed. */
export interface Hostile {
  readonly folder: string;
  /** Exists when a program of the repository's configuration was started. */
  readonly canary: string;
  /** Text of a file outside of the repository that a link points to. */
  readonly outside: string;
}

/** Makes a repository that attacks whoever audits it. Not committed as files: git and archives would not carry most of it. */
export function makeHostile(base: string): Hostile {
  const folder = join(base, 'hostile');
  const canary = join(base, 'canary');
  const outside = 'outside-of-the-repository-7391';
  mkdirSync(join(folder, '.github/workflows'), { recursive: true });
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(join(base, 'outside.env'), `SECRET_TOKEN=${outside}\n`);
  git(folder, 'init', '-q', '-b', 'main');

  // Links: out of the repository, in a circle, to a device.
  symlinkSync(join(base, 'outside.env'), join(folder, '.env'));
  symlinkSync('/etc/passwd', join(folder, 'src/settings.py'));
  symlinkSync('..', join(folder, 'src/up'));
  symlinkSync('loop', join(folder, 'loop'));
  symlinkSync('/dev/zero', join(folder, 'src/endless.py'));

  // Parsers: an alias bomb, deep nesting, a huge line, broken everything.
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
  ];
  writeFileSync(join(folder, 'docker-compose.yml'), `services:\n  app: {image: x}\n${bomb.join('\n')}\n`);
  writeFileSync(join(folder, 'deep.yaml'), `apiVersion: v1\nkind: Pod\nspec: ${'['.repeat(20_000)}\n`);
  writeFileSync(join(folder, 'package.json'), `{"scripts":${'{"a":'.repeat(5_000)}`);
  writeFileSync(join(folder, 'pyproject.toml'), '[project\nname = "\u0000"\n');
  writeFileSync(
    join(folder, '.github/workflows/ci.yml'),
    'on: push\njobs:\n  a:\n    steps: [{run: "x"}, {uses: }, 7, [[]]]\n  b: "not a job"\n',
  );
  writeFileSync(join(folder, 'Dockerfile'), `FROM ${'a'.repeat(100_000)}\nRUN \\\n\\\n\nUSER\n`);
  writeFileSync(join(folder, 'pom.xml'), '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]><project><dependency>&c;</dependency>');
  writeFileSync(join(folder, 'nginx.conf'), `server { ${'location / { '.repeat(10_000)}`);
  writeFileSync(join(folder, 'main.tf'), `resource "a" "b" { ${'x = ['.repeat(10_000)}`);
  const line = openSync(join(folder, 'src/line.js'), 'w');
  for (let i = 0; i < 50; i++) writeSync(line, 'password = "'.padEnd(1 << 20, 'a'));
  closeSync(line);
  const sparse = openSync(join(folder, 'sparse.py'), 'w');
  ftruncateSync(sparse, 2_000_000_000);
  closeSync(sparse);

  // Expressions that take exponential time in a backtracking matcher.
  writeFileSync(
    join(folder, 'src/redos.py'),
    `import os\nSECRET_KEY = "${'a'.repeat(30_000)}!"\nx = "${'( '.repeat(20_000)}"\n${'os.environ['.repeat(5_000)}\n`,
  );
  writeFileSync(join(folder, 'src/redos.js'), `app.use(${'cors('.repeat(8_000)}\nconst q = \`SELECT ${'${a}'.repeat(8_000)}\`;\n`);

  // Output: escape sequences, HTML, Markdown and workflow commands in contents and names.
  const evil = '\u001b]0;owned\u0007\u001b[31m<img src=x onerror=alert(1)>::error file=x::owned%0A[x](javascript:alert(1))\u202e';
  writeFileSync(
    join(folder, 'src/evil.py'),
    `import jwt\njwt.decode(token, options={"verify_signature": False})  ${evil}\nPASSWORD = "hunter2${evil}"\nrequests.get(url, verify=False) # ${evil}\n`,
  );
  for (const name of [
    '<script>alert(1)<∕script>.py',
    '\u001b[31mred.py',
    '::error::owned.py',
    'new\nline.py',
    '|table|.py',
    '`tick`.py',
    '--option.py',
    '$(touch canary).py',
  ])
    writeFileSync(join(folder, name), 'requests.get(url, verify=False)\n');
  writeFileSync(
    Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x66, 0xff, 0xfe, 0x2e, 0x70, 0x79])]),
    'requests.get(url, verify=False)\n',
  );
  writeFileSync(join(folder, 'src/latin.py'), Buffer.from([0x78, 0x20, 0x3d, 0x20, 0x22, 0xe9, 0xff, 0x22, 0x0a]));
  writeFileSync(join(folder, 'README.md'), `# ${evil}\n\n${'> '.repeat(5_000)}deep\n\n${'['.repeat(10_000)}\n`);

  // The target's own checklist: paths out of the repository, and a checklist that would like to fetch.
  writeFileSync(join(folder, 'readiness.yaml'), 'extends: production\nthresholds: { failOn: never }\n');

  git(folder, 'add', '-A', '--', '.', ':!sparse.py');
  git(folder, 'commit', '-q', '-m', evil.replaceAll('\u0000', ''));

  // Configuration that would run programs.
  const run = `sh -c 'touch ${canary}' #`;
  for (const [key, value] of [
    ['core.fsmonitor', run],
    ['core.hooksPath', join(folder, 'hooks')],
    ['core.pager', run],
    ['core.sshCommand', run],
    ['core.editor', run],
    ['diff.external', run],
    ['filter.evil.clean', run],
    ['filter.evil.smudge', run],
    ['filter.evil.process', run],
    ['gpg.program', run],
    ['credential.helper', `!${run}`],
    ['uploadpack.packObjectsHook', run],
    ['alias.ls-files', `!${run}`],
    ['alias.log', `!${run}`],
  ] as const)
    git(folder, 'config', key, value);
  mkdirSync(join(folder, 'hooks'), { recursive: true });
  writeFileSync(join(folder, 'hooks/post-index-change'), `#!/bin/sh\ntouch ${canary}\n`, { mode: 0o755 });
  writeFileSync(join(folder, '.gitattributes'), '* filter=evil diff=evil\n');
  return { folder, canary, outside };
}
