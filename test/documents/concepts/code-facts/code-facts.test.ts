import { expect, test } from 'vitest';
import { debtMarkers } from '../../../../src/documents/concepts/code-facts/debt.js';
import { declarationReaders, declarations } from '../../../../src/documents/concepts/code-facts/declarations.js';
import { concepts } from '../../../../src/model/concepts.js';
import type { Collected, Item } from '../../../../src/model/document.js';
import { sourceOf } from '../../../support/source.js';

async function declared(files: Record<string, string>): Promise<Item[]> {
  const items: Item[] = [];
  for (const [path, text] of Object.entries(files)) {
    const source = sourceOf(path, text);
    for (const reader of declarationReaders)
      if (source.file.language && reader.files.languages?.includes(source.file.language))
        items.push(...((await reader.read(source)).items ?? []));
  }
  return declarations.combine(items, {} as Collected).map((item) => concepts.declarations.parse(item) as unknown as Item);
}

test.each<[string, string, number, number]>([
  ['a.py', 'def a():\n    """Adds."""\n\n\ndef _b():\n    pass\n\n\nclass C:\n    def d(self):\n        """Not at the top."""\n\n\n@overload\ndef e(x: int) -> int: ...\n', 2, 1],
  ['b.py', 'def a(\n    x: int,\n) -> dict[str, int]:\n    r"""Adds."""\n    return {}\n', 1, 1],
  ['a.ts', '/** Adds. */\nexport function a() {}\n\nexport const b = async (x: number) => x;\nexport const c = 1;\nexport const d = call(() => 1);\nfunction e() {}\n', 2, 1],
  ['a.js', '/**\n * Adds.\n */\nconst add = async (a) => a;\nconst other = () => 1;\nconst hidden = () => 2;\nmodule.exports = {\n  add,\n  other,\n};\n', 2, 1],
  ['c.js', 'var app = exports = module.exports = {};\nvar own = {};\n\n/**\n * Starts.\n */\n\napp.init = function init() {};\n/** Sets. */\napp.set =\napp.put = function put() {};\napp.get = function () {};\nown.get = function () {};\n', 3, 2],
  ['a.go', 'package a\n\n// A adds.\nfunc A() {}\n\n//go:noinline\nfunc B() {}\n\nfunc c() {}\n\n// T is one.\ntype T struct{}\n', 3, 2],
  ['A.java', '/** One. */\n@Service\npublic class A {\n  public void b() {}\n}\n', 1, 1],
  ['a.rb', '# One.\nclass A\nend\n\nclass B\nend\n', 2, 1],
  ['A.php', '<?php\n/** One. */\n#[Entity]\nfinal class A {}\n', 1, 1],
  ['A.cs', '/// <summary>One.</summary>\n[Serializable]\npublic sealed class A { }\npublic record B(int C);\n', 2, 1],
])('%s: public things and documented ones', async (path, text, publics, documented) =>
  expect(await declared({ [`app/${path}`]: text })).toMatchObject([{ publics, documented }])); // prettier-ignore

test('Python annotations, files of one language summed, migrations left out', async () => {
  const items = await declared({
    'app/a.py': 'class A:\n    def b(self, x: int): ...\n    def c(self): ...\n    def d(self) -> None: ...\n',
    'app/b.py': 'def e(x, y: int):\n    return x\n',
    'app/migrations/c.py': 'def f(): ...\n',
  });
  expect(items).toMatchObject([{ path: 'app/a.py', language: 'python', functions: 4, annotated: 2, publics: 2 }]);
});

test('markers in comments only, with issues on the same or the next line', async () => {
  const text =
    'x = "TODO in a string"\n# TODO(#12): a\n# FIXME b\n# see https://x.example.org/1\n# XXX UTF-8 and SHA-256\ndef todo(): ...\n';
  const { items } = await debtMarkers.read(sourceOf('app/a.py', text));
  expect(items!.map((i) => concepts['debt-markers'].parse(i)).map((i) => [i.line, i.marker, i.tracked])).toEqual([
    [2, 'TODO', true],
    [3, 'FIXME', true],
    [5, 'XXX', false],
  ]);
});
