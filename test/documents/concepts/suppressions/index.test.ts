import { describe, expect, it } from 'vitest';
import { suppressions, suppressionsIn } from '../../../../src/documents/concepts/suppressions/index.js';
import { concepts } from '../../../../src/model/concepts.js';
import { collect } from '../../collect.js';
import { sourceOf } from '../../../support/source.js';

const read = (path: string, text: string) =>
  suppressionsIn(sourceOf(path, text)).map((item) => {
    const { check, line, covers, reason } = concepts.suppressions.strict().parse(item);
    return [check, line, covers, reason];
  });
const reason = 'only reachable from the private network';

describe('comments that accept a failure', () => {
  it.each([
    ['app.py', `x = 1  # readiness: ignore security/a -- ${reason}\n`],
    ['app.ts', `const x = 1; // readiness: ignore security/a -- ${reason}\n`],
    ['app.go', `x := 1 /* readiness: ignore security/a -- ${reason} */\n`],
    ['nginx.conf', `listen 80; # readiness: ignore security/a -- ${reason}\n`],
    ['compose.yml', `services: {} # readiness: ignore security/a -- ${reason}\n`],
    ['schema.sql', `SELECT 1; -- readiness: ignore security/a -- ${reason}\n`],
    ['index.html', `<p></p><!-- readiness: ignore security/a -- ${reason} -->\n`],
    ['pom.xml', `<a/><!-- readiness: ignore security/a: ${reason} -->\n`],
    ['app.rb', `x = 1 # noqa # Readiness: Ignore security/a — ${reason}\n`],
  ])('at the end of a line speak about that line: %s', (path, text) => {
    expect(read(path, text)).toEqual([['security/a', 1, [1], reason]]);
  });

  it('alone on their line speak about the next line of code, other comments between', () => {
    expect(read('Dockerfile', `# readiness: ignore a/b -- ${reason}\n# more about it\nFROM node\nUSER root\n`)).toEqual([
      ['a/b', 1, [1, 2, 3], reason],
    ]);
    expect(read('app.js', `/*\n * readiness: ignore a/b -- ${reason}\n */\nrun();\n`)).toEqual([['a/b', 2, [2, 3, 4], reason]]);
    expect(read('app.py', `# readiness: ignore a/b -- ${reason}\n\nrun()\n`)).toEqual([['a/b', 1, [1], reason]]);
  });

  it('may name several checks', () => {
    expect(read('app.py', `run()  # readiness: ignore a/b, c/d -- ${reason}\n`).map(([check]) => check)).toEqual(['a/b', 'c/d']);
  });

  it('without a reason or a check are kept, for a note', () => {
    expect(read('app.py', 'run()  # readiness: ignore a/b\n')).toEqual([['a/b', 1, [1], '']]);
    expect(read('app.py', 'run()  # readiness: ignore a/b --\n')).toEqual([['a/b', 1, [1], '']]);
    expect(read('app.py', `run()  # readiness: ignore -- ${reason}\n`)).toEqual([['', 1, [1], reason]]);
  });

  it.each([
    ['a string', 'app.py', `x = "# readiness: ignore a/b -- ${reason}"\n`],
    ['a docstring', 'app.py', `def f():\n    """readiness: ignore a/b -- ${reason}"""\n`],
    ['prose in a comment', 'app.py', `# write readiness: ignore a/b -- ${reason}\n`],
    ['a file type without comments', 'package.json', `{ "//": "// readiness: ignore a/b -- ${reason}" }\n`],
    ['a fenced example', 'README.md', `# readiness: ignore a/b -- ${reason}\n`],
    ['another word', 'app.py', 'x = 1  # readiness: ignored a/b\n'],
  ])('do not count in %s', (_, path, text) => {
    expect(read(path, text)).toEqual([]);
  });
});

it('reads the files that are read for secrets, where the word occurs', async () => {
  const { items } = await collect('suppressions', { 'src/app.py': `x()  # readiness: ignore a/b -- ${reason}\n`, 'b.py': 'x()\n' });
  expect(items.map((i) => i.path)).toEqual(['src/app.py']);
  expect(suppressions.keywords).toEqual(['readiness:']);
});
