import { describe, expect, it } from 'vitest';
import { logReaders } from '../../../../src/documents/concepts/logs/index.js';
import { concepts } from '../../../../src/model/concepts.js';
import type { Item } from '../../../../src/model/document.js';
import { sourceOf } from '../../../support/source.js';

async function read(kind: 'log-sinks' | 'log-statements', path: string, text: string): Promise<Item[]> {
  const source = sourceOf(path, text);
  const items: Item[] = [];
  for (const reader of logReaders) {
    if (reader.kind !== kind) continue;
    const { languages, paths } = reader.files;
    if (languages ? !source.file.language || !languages.includes(source.file.language) : !paths) continue;
    if (!languages && !/(?:logback|log4j2|appsettings|nlog)/i.test(path)) continue;
    items.push(...((await reader.read(source)).items ?? []));
  }
  for (const item of items) concepts[kind].parse(item);
  return items;
}

const sinks: [string, string, string, [string, boolean | null][]][] = [
  ['a plain file of Python', 'log.py', "h = logging.FileHandler('app.log')\n", [['file', false]]],
  [
    'rotated files of Python',
    'log.py',
    "h = RotatingFileHandler('app.log', maxBytes=1000, backupCount=3)\nh2 = TimedRotatingFileHandler('b.log')\n",
    [
      ['file', true],
      ['file', true],
    ],
  ],
  ['rotation that never happens', 'log.py', "h = RotatingFileHandler('app.log', maxBytes=1000, backupCount=0)\n", [['file', false]]],
  ['a class is no sink', 'log.py', 'class H(logging.FileHandler):\n    pass\n', []],
  [
    'dictConfig',
    'settings.py',
    "LOGGING = {'handlers': {'console': {'class': 'logging.StreamHandler'}, 'file': {'class': 'logging.FileHandler', 'filename': 'a.log'}}}\n",
    [
      ['console', null],
      ['file', false],
    ],
  ],
  ['basicConfig', 'log.py', 'logging.basicConfig(level=logging.INFO)\n', [['console', null]]],
  [
    'loguru',
    'log.py',
    "from loguru import logger\nlogger.add('a.log', rotation='10 MB')\nlogger.add(sys.stderr)\n",
    [
      ['file', true],
      ['console', null],
    ],
  ],
  [
    'winston',
    'log.js',
    "const winston = require('winston');\nnew winston.transports.File({ filename: 'a.log' });\nnew winston.transports.Console();\n",
    [
      ['file', false],
      ['console', null],
    ],
  ],
  ['winston with a limit', 'log.js', "new winston.transports.File({ filename: 'a.log', maxsize: 1000 });\n", [['file', true]]],
  ['morgan', 'app.js', "app.use(morgan('combined'));\n", [['console', null]]],
  ['lumberjack', 'log.go', 'var w = &lumberjack.Logger{Filename: "a.log", MaxSize: 10}\n', [['file', true]]],
  [
    'a file that a helper opens',
    'log.go',
    'F, err = file.MustOpen(name, path)\nlogger = log.New(F, "", log.LstdFlags)\n',
    [['file', false]],
  ],
  ['a file that is opened for something else', 'log.go', 'f, err := os.Create(name)\nlog.SetOutput(w)\n', []],
  ['rotatelogs', 'log.go', 'w, _ := rotatelogs.New("log.%Y%m%d")\nlog.SetOutput(w)\n', [['file', true]]],
  [
    'Serilog',
    'Program.cs',
    'Log.Logger = new LoggerConfiguration().WriteTo.File("a.log").WriteTo.Console().CreateLogger();\n',
    [
      ['file', false],
      ['console', null],
    ],
  ],
  [
    'Ruby',
    'config/app.rb',
    "l = Logger.new('log/x.log')\nm = Logger.new(STDOUT)\nn = Logger.new('x.log', 'daily')\n",
    [
      ['file', false],
      ['console', null],
      ['file', true],
    ],
  ],
  [
    'Logback',
    'logback.xml',
    '<configuration><appender name="a" class="ch.qos.logback.core.FileAppender"><file>a.log</file></appender><appender name="b" class="ch.qos.logback.core.ConsoleAppender"></appender></configuration>\n',
    [
      ['file', false],
      ['console', null],
    ],
  ],
];

describe('log-sinks', () => {
  for (const [name, path, text, expected] of sinks)
    it(name, async () => {
      const found = await read('log-sinks', path, text);
      expect(found.map((f) => [f.kind, f.bounded])).toEqual(expected);
    });
});

describe('log-statements', () => {
  it('counts logger calls and bare output apart, comments aside', async () => {
    const text = "import logging\nlogger = logging.getLogger()\n# print('x')\nlogger.info('a')\nprint('b')\nlog.warning('c')\n";
    expect(await read('log-statements', 'app/x.py', text)).toMatchObject([
      { logged: 2, bare: 1, line: 5, exempt: false, first: "print('b')" },
    ]);
  });
  it.each([
    ['src/app.ts', "logger.info('a');\nconsole.log('b');\n"],
    ['main.go', 'package main\nfunc f() {\n\tslog.Info("a")\n\tfmt.Println("b")\n}\n'],
    ['src/A.java', 'class A { void f() { log.info("a"); System.out.println("b"); } }\n'],
    ['app/a.rb', "Rails.logger.info 'a'\nputs 'b'\n"],
    ['app/A.php', "<?php\nLog::info('a');\nvar_dump($b);\n"],
    ['A.cs', 'class A { void F() { _logger.LogInformation("a"); Console.WriteLine("b"); } }\n'],
    ['src/main.rs', 'fn f() { info!("a"); println!("b"); }\n'],
  ])('knows the statements of %s', async (path, text) => {
    expect(await read('log-statements', path, text)).toMatchObject([{ logged: 1, bare: 1 }]);
  });
  it('takes p of a view in Ruby for a paragraph, and of a controller for output', async () => {
    const text = "Rails.logger.info 'a'\np(class: 'b')\nputs 'c'\n";
    expect(await read('log-statements', 'app/views/a_view.rb', text)).toMatchObject([{ logged: 1, bare: 1 }]);
    expect(await read('log-statements', 'app/models/a.rb', "Rails.logger.info 'a'\np(@b)\nputs 'c'\n")).toMatchObject([
      { logged: 1, bare: 2 },
    ]);
  });
  it('leaves unit tests of Rust out', async () => {
    const text = 'fn f() { info!("a"); }\n#[cfg(test)]\nmod tests {\n  fn g() { println!("b"); }\n}\n';
    expect(await read('log-statements', 'src/lib.rs', text)).toMatchObject([{ logged: 1, bare: 0 }]);
  });
  it('exempts a class of Java with a main of its own, not the one that starts the server', async () => {
    const main = (body: string) =>
      `class A {\n  public static void main(String[] args) {\n    ${body}\n    System.out.println("a");\n  }\n}\n`;
    expect(await read('log-statements', 'src/main/java/Rsa.java', main('new A();'))).toMatchObject([{ exempt: true }]);
    expect(await read('log-statements', 'src/main/java/App.java', main('SpringApplication.run(A.class, args);'))).toMatchObject([
      { exempt: false },
    ]);
    expect(await read('log-statements', 'src/main/java/B.java', 'class B {\n  void b() { System.out.println("b"); }\n}\n')).toMatchObject([
      { exempt: false },
    ]);
  });
  it('exempts command line programs and browser code', async () => {
    expect(await read('log-statements', 'app/tool.py', 'import argparse\nprint("x")\n')).toMatchObject([{ exempt: true }]);
    expect(
      await read('log-statements', 'extras/authors.py', '# /// script\n# dependencies = ["requests"]\n# ///\nprint("x")\n'),
    ).toMatchObject([{ exempt: true }]);
    expect(await read('log-statements', 'buildSrc/src/main/java/Wait.java', 'System.out.println("x");\n')).toMatchObject([
      { exempt: true },
    ]);
    const program = (library: string) =>
      `package main\n\nimport (\n\t"fmt"\n\t"${library}"\n)\n\nfunc main() {\n\tfmt.Println("done")\n}\n`;
    expect(await read('log-statements', 'certgen/main.go', program('crypto/x509'))).toMatchObject([{ exempt: true }]);
    expect(await read('log-statements', 'server/main.go', program('net/http'))).toMatchObject([{ exempt: false }]);
    expect(await read('log-statements', 'server/main.go', program('shop/server'))).toMatchObject([{ exempt: false }]);
    expect(await read('log-statements', 'app/authors.py', '# a script\nprint("x")\n')).toMatchObject([{ exempt: false }]);
    expect(await read('log-statements', 'src/App.tsx', "import React from 'react';\nconsole.log('x');\n")).toMatchObject([
      { exempt: true },
    ]);
  });
});
