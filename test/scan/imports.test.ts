import { describe, expect, it } from 'vitest';
import type { Language } from '../../src/model/file.js';
import { moduleLiterals, moduleMatcher, wantedImports } from '../../src/scan/imports.js';

const any = moduleMatcher(['*']);
const modules = (language: Language, code: string): string[] => wantedImports(code, language, any).map((one) => one.module);

describe('imports by language', () => {
  it.each<[Language, string, string[]]>([
    ['python', 'import os, redis.asyncio as r\nfrom . import x\nfrom .a import b\n', ['os', 'redis.asyncio']],
    ['python', 'from google.cloud import (\n    storage,\n    bigquery as bq,\n)\n', ['google.cloud']],
    ['python', 'if TYPE_CHECKING:\n    import redis\n\n    from celery import Celery\nimport flask\n', ['flask']],
    ['python', 'def f():\n    if typing.TYPE_CHECKING:\n        import a\n    else:\n        import b\n    import c\n', ['b', 'c']],
    ['python', 'mod = importlib.import_module("boto3")\n', ['boto3']],
    ['python', 'try:\n  import a; import b\nexcept ImportError: pass\n', ['a', 'b']],
    [
      'javascript',
      'import a from "a";\nimport * as b from \'b\';\nimport "c/register";\nconst d = require("d");\nawait import(`e`);\nimport("./f");',
      ['a', 'b', 'c/register', 'd', 'e'],
    ],
    ['javascript', 'export * from "g"; export { h } from "h"; import i, {\n  j,\n} from "i";', ['g', 'h', 'i']],
    ['javascript', 'const http = require("http"); import fs from "node:fs/promises";', ['node:http', 'node:fs/promises']],
    [
      'typescript',
      'import type { A } from "a"; import { type B } from "b"; import { type C, d } from "d"; import type from "e"; import type X from "x";',
      ['d', 'e'],
    ],
    ['typescript', 'let a: import("a").A; type T = typeof import("b"); const c = () => import("c");', ['c']],
    ['typescript', 'import x = require("x"); export type { Y } from "y";', ['x']],
    ['typescript', 'const rows = knex.select("a").from("users"); const from = "x";', []],
    [
      'go',
      'import "net/http"\nimport (\n\t"fmt"\n\t_ "github.com/lib/pq"\n\tr "github.com/redis/go-redis/v9"\n)\nvar x = "other"\n',
      ['net/http', 'fmt', 'github.com/lib/pq', 'github.com/redis/go-redis/v9'],
    ],
    ['java', 'package a;\nimport java.util.List;\nimport static org.junit.Assert.*;\n', ['java.util.List', 'org.junit.Assert']],
    ['kotlin', 'import io.ktor.server.* \nimport a.b as c\n', ['io.ktor.server', 'a.b']],
    ['ruby', "require 'redis'\nrequire_relative 'x'\n  require(\"pg\")\n", ['redis', 'pg']],
    [
      'php',
      '<?php\nnamespace App\\Http;\nuse Illuminate\\Support\\Facades\\{Cache, DB};\nuse Sentry\\State\\Scope as S;\n\\Monolog\\Logger::x();',
      ['Illuminate\\Support\\Facades', 'Sentry\\State\\Scope', 'Monolog\\Logger'],
    ],
    [
      'csharp',
      'using System;\nglobal using Serilog;\nusing static A.B;\nusing X = Y.Z;\nusing (var a = b) {}\n',
      ['System', 'Serilog', 'A.B', 'Y.Z'],
    ],
    [
      'rust',
      'use tokio::sync::Mutex;\nuse crate::a;\nextern crate serde;\nfn f() { tracing::info!("x"); }\n',
      ['tokio::sync', 'serde', 'tracing'],
    ],
  ])('%s: %s', (language, code, expected) => {
    const found = modules(language, code);
    for (const module of expected) expect(found).toContain(module);
    if (language !== 'rust') expect([...found].sort()).toEqual([...expected].sort());
  });

  it('gives the offset of the statement', () => {
    const code = 'x = 1\nimport redis\n';
    expect(wantedImports(code, 'python', any)[0]!.offset).toBe(6);
  });
});

describe('moduleMatcher', () => {
  const match = moduleMatcher([
    'redis',
    '@scope/pkg',
    'github.com/go-redis/redis',
    'org.springframework.boot',
    'Illuminate\\Cache',
    'aws-*',
    'node:http',
    'tokio',
  ]);
  it.each<[string, Language, 'exact' | 'within' | null]>([
    ['redis', 'python', 'exact'],
    ['redis.asyncio', 'python', 'within'],
    ['redistools', 'python', null],
    ['redis.mock', 'javascript', null],
    ['redis/client', 'javascript', 'within'],
    ['@scope/pkg/sub', 'typescript', 'within'],
    ['@scope/pkg2', 'typescript', null],
    ['github.com/go-redis/redis/v8', 'go', 'within'],
    ['org.springframework.boot.SpringApplication', 'java', 'within'],
    ['Illuminate\\Cache\\RateLimiter', 'php', 'within'],
    ['aws-sdk', 'javascript', 'within'],
    ['node:http', 'javascript', 'exact'],
    ['tokio::sync', 'rust', 'within'],
  ])('%s in %s', (module, language, expected) => expect(match(module, language)).toBe(expected));

  it('names a part of a module where somebody asks for the part', () => {
    const part = moduleMatcher(['google.cloud', 'google.cloud.storage']);
    expect(wantedImports('from google.cloud import storage, x\n', 'python', part).map((one) => one.module)).toEqual([
      'google.cloud',
      'google.cloud.storage',
    ]);
    expect(
      wantedImports('from google.cloud import storage\n', 'python', moduleMatcher(['google.cloud.storage'])).map((one) => one.module),
    ).toEqual(['google.cloud.storage']);
  });
});

describe('moduleLiterals', () => {
  it('occur however the import is written', () => {
    expect(moduleLiterals('google.cloud.storage')).toEqual(['storage']);
    expect(moduleLiterals('@nestjs/*')).toEqual(['@nestjs']);
    expect(moduleLiterals('github.com/lib/pq')).toEqual(['github.com/lib/pq']);
    expect(moduleLiterals('node:http')).toEqual(['http']);
    expect(moduleLiterals('pg')).toContain("'pg");
    expect(moduleLiterals('*')).toEqual([]);
  });
});
