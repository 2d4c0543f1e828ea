import { describe, expect, it } from 'vitest';
import type { Language } from '../../src/model/file.js';
import { blankComments } from '../../src/scan/comments.js';

/** `«...»` marks what must be blanked; everything else must stay. */
function check(marked: string, path: string, language: Language | null): void {
  const text = marked.replace(/[«»]/g, '');
  const expected = marked.replace(/«([^»]*)»/g, (_, comment: string) => comment.replace(/[^\r\n]/g, ' '));
  const code = blankComments(text, path, language);
  expect(code).toBe(expected);
  expect(code.length).toBe(text.length);
}

const cases: [string, string, Language | null, string][] = [
  ['python comment', 'a.py', 'python', 'x = 1  «# note»\ny = "# no"\n«# whole line»\n'],
  ['python module docstring', 'a.py', 'python', '«"""Doc\nredis = 1\n"""»\nimport os\n'],
  ['python docstring in a function', 'a.py', 'python', 'def f():\n    «"""Uses helmet."""»\n    return 1\n'],
  ['python prefixed docstring', 'a.py', 'python', 'class A:\n    «r\'\'\'raw\n doc\'\'\'»\n    x = 1\n'],
  ['python one-quote docstring', 'a.py', 'python', 'def f():\n    «"doc"»\n    pass\n'],
  ['python triple string as a value', 'a.py', 'python', 'q = """\nSELECT 1 # kept\n"""\n'],
  ['python triple string as an argument on a line of its own', 'a.py', 'python', 'run(\n    """\n    SELECT 1\n    """\n)\n'],
  ['python string statement that goes on', 'a.py', 'python', '"""a""".join(x)\n'],
  ['python continued line', 'a.py', 'python', 'x = \\\n"""kept"""\n'],
  ['python escaped quote', 'a.py', 'python', 'x = "a\\"# no" «# yes»\n'],
  ['python apostrophe in a comment', 'a.py', 'python', "«# don't»\nx = 1 «# it's»\n"],
  ['python brackets in strings', 'a.py', 'python', 'x = "("\n«"""doc"""»\n'],
  ['javascript line and block', 'a.js', 'javascript', 'a(); «// b»\n«/* c\n d */» e();\n'],
  ['javascript strings', 'a.js', 'javascript', 'const u = "http://x"; const v = \'/* no */\'; «// yes»\n'],
  ['javascript template', 'a.ts', 'typescript', 'const t = `// no ${a /« »* 2} /* no */`; «// yes»\n'],
  ['javascript template with nested code', 'a.ts', 'typescript', 'x = `a ${f(`b ${c} // no`, { d: "}" }) «/* yes */»} // no`; «// yes»\n'],
  ['javascript regex', 'a.js', 'javascript', 'const r = /\\/\\/["\'`]/; «// yes»\nif (/[/"]/.test(a)) b(); «// c»\nreturn /x\\/*/;\n'],
  ['javascript division', 'a.js', 'javascript', 'const d = a / b; «// "yes»\nconst e = (1) / 2 / c; «/* y */»\n'],
  ['jsx', 'a.tsx', 'tsx', '<a href="http://x">don\'t</a>\n<br /> \n{«/* note */»}\n<p>see http://y.z</p>\n'],
  ['typescript JSDoc', 'a.ts', 'typescript', '«/**\n * import helmet from "helmet"\n */»\nimport a from "a";\n'],
  ['go', 'a.go', 'go', 'x := `// no "`\ny := \'"\' «// yes»\nz := "a\\"// no" «/* b */»\n'],
  ['java', 'A.java', 'java', 'String s = "// no"; char c = \'"\'; «// yes»\nString t = """\n // no " \n""";\n«/** doc */»\n'],
  ['kotlin nests', 'a.kt', 'kotlin', '«/* a /* b */ c */» val x = """// no""" «// y»\n'],
  ['csharp verbatim', 'a.cs', 'csharp', 'var p = @"c:\\"; «// yes»\nvar q = @"a "" // no"; «// y»\nvar r = $"{x} // no"; «/// doc»\n'],
  ['rust', 'a.rs', 'rust', "fn f<'a>(x: &'a str) -> char { '\"' } «// yes»\nlet r = r#\"// no \" \"#; «/* a /* b */ c */»\nlet q = '\\''; «// y»\n"],
  ['ruby', 'a.rb', 'ruby', 'x = "a #{b} # no" «# yes»\n«=begin\nredis\n=end»\ny = \'# no\'\nz = x =~ /#{y}|"/ «# yes»\n'],
  ['ruby here-document', 'a.rb', 'ruby', "sql = <<~SQL\n  SELECT 1 # kept '\nSQL\nx «# yes»\n"],
  ['ruby percent literals', 'a.rb', 'ruby', 'a = %w[# b] «# yes»\n'],
  ['php', 'a.php', 'php', "<p><«!-- c --»></p>\n<?php\n$a = '// no'; «// yes»\n«# also»\n#[Attr]\n$b = \"# no\"; «/* c */»\n?>\n<b># text</b>\n".replace('<«!-- c --»>', '«<!-- c -->»')],
  ['php here-document', 'a.php', 'php', "<?php\n$s = <<<EOT\n # kept ' \nEOT;\n$x = 1; «// yes»\n"],
  ['php closes within a comment', 'a.php', 'php', '<?php «// gone »?> <b>kept</b>\n'],
  ['shell', 'a.sh', 'shell', '«#!/bin/sh»\necho "# no" «# yes»\necho $# ${#a} a#b \'# no\' \\# no\n'],
  ['shell here-document', 'a.sh', 'shell', "cat <<'EOF'\n# kept don't\nEOF\nx «# yes»\ncat <<< word «# y»\n"],
  ['sql', 'a.sql', 'sql', "SELECT '-- no' «-- yes»\n«/* c */» FROM t WHERE a = 'it''s -- no';\n"],
  ['css', 'a.css', 'css', 'a { color: red } «/* b */»\n'],
  ['scss address', 'a.scss', 'css', 'a { b: url(http://x) } «// c»\n'],
  ['html', 'a.html', 'html', '«<!-- helmet -->»<p>// kept</p>\n<script>a(); «// gone»</script>\n<style>«/* gone */»</style>{«»{ x }}\n'],
  ['html template comments', 'a.html', 'html', '«{# jinja #}»{{ x }}«{{-- blade --}}»<% y %>«<%# erb %>»\n'],
  ['vue', 'a.vue', 'vue', '<template>«<!-- x -->»</template>\n<script setup lang="ts">\nimport a from "a"; «// b»\n</script>\n'],
  ['yaml', 'a.yml', null, '«# whole»\na: 1 «# yes»\nb: "# no" «# yes»\nc: it\'s a#b «# yes»\nd: \'x\'\'# no\'\n'],
  ['yaml block scalars', 'w.yaml', null, 'run: |\n  echo "hi" # kept\n  «# gone»\n\n  it\'s\nnext: 1 «# yes»\n- key: >-\n    text # kept\n  other: 2 «# yes»\n- |\n  a # kept\n- b «# yes»\n'],
  ['yaml quoted over lines', 'a.yml', null, 'a: "one\n  # kept\n  two" «# yes»\nb: 1\n'],
  ['toml', 'a.toml', null, 'a = "# no" «# yes»\nb = \'c:\\\' «# yes»\nc = """\n# kept\n"""\n«# d»\n'],
  ['ini', 'setup.cfg', null, '«# a»\n«; b»\nc = d «# e»\nf = "# no"\ng = a;b\n'],
  ['dotenv', '.env.production', null, '«# DEBUG=1»\nA=b#c\nB="x # no" «# yes»\n'],
  ['properties', 'application.properties', null, '«# a»\n«! b»\nc=d # kept\n'],
  ['dockerfile', 'api/Dockerfile', null, 'FROM node «# x»\n«# USER app»\nRUN a && \\\n  «# why»\n  b "# no"\nRUN echo a#b\n'],
  ['dockerfile by suffix', 'Dockerfile.prod', null, '«# USER app»\nFROM a\n'],
  ['nginx', 'nginx/default.conf', null, 'server { «# a»\n  location ~ ^/a#b { return 200 "# no"; } «# yes»\n«# ssl on;»\n}\n'],
  ['nginx template', 'nginx.conf.template', null, '«# add_header X;»\nlisten 80;\n'],
  ['hcl', 'main.tf', null, 'a = "${b["#"]} # no" «# yes»\n«// c»\n«/* d */»\ne = <<EOT\n# kept\nEOT\n'],
  ['makefile', 'Makefile', null, '«# a»\ntest: «# b»\n\techo "# no"\n'],
  ['gemfile', 'Gemfile', null, '«# gem "redis"»\ngem "pg"\n'],
  ['markdown', 'README.md', null, '# Title\n«<!-- hidden -->»text\n'],
  ['plain json', 'package.json', null, '{ "a": "// no" }\n'],
  ['json with comments', 'tsconfig.json', null, '{ «// a»\n "b": "http://x" «/* c */» }\n'],
  ['xml', 'pom.xml', null, '<a>«<!-- <b>redis</b> -->»</a>\n'],
  ['groovy', 'build.gradle', null, "implementation 'a:b:1' «// c»\n«/* d */»\n"],
  ['unknown', 'a.dat', null, '# kept // kept\n'],
]; // prettier-ignore

describe('blankComments', () => {
  it.each(cases)('%s', (_, path, language, marked) => {
    const text = marked.replace('/« »*', '/ *').replace('{«»{', '{{');
    check(text, path, language);
  });

  it('keeps CRLF line ends', () => check('x = 1 «# a»\r\n«"""b\r\nc"""»\r\n', 'a.py', 'python'));

  it('keeps the length of text beyond the basic plane', () => check('a = 1 «# 🎉 ü»\nb\n', 'a.py', 'python'));

  it('is linear in hostile text', () => {
    const hostile = ['/*', '`${', '"', "'", '<<A\n', '<!--', '{#', '"""', '<?php ', '%w[', '=begin\n', '<script>', '#', '\\', '/ ', 'r#"'];
    for (const piece of hostile)
      for (const [path, language] of [
        ['a.js', 'javascript'],
        ['a.py', 'python'],
        ['a.rb', 'ruby'],
        ['a.php', 'php'],
        ['a.html', 'html'],
        ['a.rs', 'rust'],
        ['a.sh', 'shell'],
        ['a.yml', null],
        ['a.tf', null],
        ['a.conf', null],
        ['a.kt', 'kotlin'],
      ] as const) {
        const text = piece.repeat(Math.ceil(100_000 / piece.length));
        expect(blankComments(text, path, language).length).toBe(text.length);
      }
  });
});
