import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { parseYaml } from '../../src/safe/yaml.js';

const value = (text: string) => parseYaml(text).documents[0]?.value;

describe('values', () => {
  test('scalars, lists and maps as plain data', () => {
    expect(value('a: 1\nb: [x, true, null, 1.5]\nc:\n  - d: "no"\n')).toEqual({ a: 1, b: ['x', true, null, 1.5], c: [{ d: 'no' }] });
  });
  test('keys are text: on, yes, numbers, version numbers', () => {
    expect(value('on: push\nyes: no\n8080: x\n1.10: y\n"q": 1\n? z\n: 1')).toEqual({
      on: 'push',
      yes: 'no',
      '8080': 'x',
      '1.10': 'y',
      q: 1,
      z: 1,
    });
  });
  test('several documents, empty ones left out', () => {
    const { documents, problems } = parseYaml('---\na: 1\n---\n---\nb: 2\n...\n');
    expect(problems).toEqual([]);
    expect(documents.map((d) => d.value)).toEqual([{ a: 1 }, { b: 2 }]);
  });
  test('custom tags are tolerated', () => {
    expect(
      value('a: !Ref Thing\nb: !Sub "${X}"\nc: !GetAtt [a, b]\nd: !vault |\n  $ANSIBLE\ne: !reference [x, y]\nf: !Join\n  - ""\n  - [a]\n'),
    ).toEqual({
      a: 'Thing',
      b: '${X}',
      c: ['a', 'b'],
      d: '$ANSIBLE\n',
      e: ['x', 'y'],
      f: ['', ['a']],
    });
  });
  test('merge keys are resolved, own keys win, also in lists of sources', () => {
    expect(value('base: &b {x: 1, y: 2}\nother: &o {z: 3}\nuse:\n  <<: [*b, *o]\n  y: 5\n')).toMatchObject({ use: { x: 1, y: 5, z: 3 } });
  });
  test('a repeated key is a problem, and the last one holds', () => {
    const { documents, problems } = parseYaml('a: 1\nb: 2\na: 3\n');
    expect(documents[0]?.value).toEqual({ a: 3, b: 2 });
    expect(problems).toEqual([{ line: 3, column: 1, message: 'key "a" is repeated' }]);
  });
  test('an anchor used again means the nearest before the alias', () => {
    expect(value('- &a 1\n- *a\n- &a 2\n- *a')).toEqual([1, 1, 2, 2]);
  });
  test('__proto__ is a key like others', () => {
    const parsed = value('__proto__: {polluted: true}') as Record<string, unknown>;
    expect(Object.keys(parsed)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
  test('an empty text has no documents', () => {
    expect(parseYaml('')).toEqual({ documents: [], problems: [] });
    expect(parseYaml('# only a comment\n').documents).toEqual([]);
  });
  test('numbers that JSON cannot hold stay text', () => {
    expect(value('a: .inf\nb: .nan\nc: 0x1F\nd: 2024-01-01')).toEqual({ a: '.inf', b: '.nan', c: 31, d: '2024-01-01' });
  });
});

describe('places', () => {
  const text = 'services:\n  web:\n    image: x\n    ports:\n      - "80:80"\n      - "443:443"\n---\nb:\n  - c: 1\n    d: 2\n';
  const { documents } = parseYaml(text);
  test.each([
    [0, [], 1, 1],
    [0, ['services'], 1, 1],
    [0, ['services', 'web'], 2, 3],
    [0, ['services', 'web', 'image'], 3, 5],
    [0, ['services', 'web', 'ports', 1], 6, 9],
    [0, ['services', 'web', 'absent', 'deeper'], 2, 3],
    [1, ['b', 0, 'd'], 10, 5],
  ] as const)('document %i at %j is %i:%i', (index, location, line, column) => {
    expect(documents[index]?.place([...location])).toEqual({ line, column });
  });
  test('through aliases and merges to where the value stands', () => {
    const merged = parseYaml('x: &x\n  user: root\na:\n  <<: *x\nb: *x\n').documents[0];
    expect(merged?.place(['a', 'user'])).toEqual({ line: 2, column: 3 });
    expect(merged?.place(['b', 'user'])).toEqual({ line: 2, column: 3 });
  });
});

describe('hostile and broken input', () => {
  test('an alias bomb is a problem', () => {
    const bomb = [
      'a0: &a0 [x, x, x, x, x, x, x, x, x]',
      ...Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`),
    ].join('\n');
    const { documents, problems } = parseYaml(bomb);
    expect(documents).toEqual([]);
    expect(problems[0]?.message).toMatch(/aliases/);
  });
  test('an alias to itself is a problem', () => {
    expect(parseYaml('a: &a\n  b: *a\n').problems[0]?.message).toMatch(/itself/);
  });
  test.each([
    ['['.repeat(50_000)],
    ['{a: '.repeat(20_000)],
    ['- '.repeat(50_000)],
    ['? '.repeat(20_000)],
    [Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}k:`).join('\n')],
  ])('deep nesting is a problem (%#)', (text) => {
    const { documents, problems } = parseYaml(text);
    expect(documents).toEqual([]);
    expect(problems.length).toBeGreaterThan(0);
  });
  test('too many values are a problem', () => {
    expect(parseYaml('[1, 2, 3, 4]', { maxNodes: 3 }).problems[0]?.message).toMatch(/values/);
  });
  test('Helm templates give problems with places', () => {
    const { documents, problems } = parseYaml('spec:\n  {{- if .Values.x }}\n  a: {{ .Values.a }}\n  {{- end }}\n');
    expect(documents).toEqual([]);
    expect(problems[0]?.line).toBe(2);
  });
  test('good documents beside a broken one are kept', () => {
    const { documents, problems } = parseYaml('a: 1\n---\nb: [1\n---\nc: 2\n');
    expect(documents.map((d) => d.value)).toContainEqual({ a: 1 });
    expect(problems.length).toBeGreaterThan(0);
  });
  test('nothing throws', () => {
    const fragment = fc.constantFrom(
      'a: ',
      '- ',
      '{{ x }}',
      '&a ',
      '*a',
      '\n',
      '  ',
      '|',
      '>-',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '!t ',
      '<<: ',
      '---\n',
      '%YAML 9',
      '\t',
      '\u0000',
      '? ',
      ': ',
      '#',
      ',',
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 40 }), (parts) => {
        const { documents, problems } = parseYaml(parts.join(''));
        for (const document of documents) {
          expect(document.place(['a', 0]).line).toBeGreaterThan(0);
          expect(() => JSON.stringify(document.value)).not.toThrow();
        }
        for (const problem of problems) expect(problem.message).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });
});
