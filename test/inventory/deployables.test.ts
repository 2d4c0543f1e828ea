import { expect, test } from 'vitest';
import { partitionOwners } from '../../src/inventory/deployables.js';
import { audit, repository } from '../support/repository.js';

test('a project belongs to the deployables that are built with it', () => {
  const ownersOf = partitionOwners([
    { name: 'web', root: 'src/Web', evidence: [], parts: ['src/Core', 'src/Admin'] },
    { name: 'api', root: 'src/Api', evidence: [], parts: ['src/Core', 'src/Web'] },
    { name: 'jobs', root: 'src/Jobs', evidence: [] },
  ]);
  const paths = ['src/Web/a.cs', 'src/Admin/b.razor', 'src/Core/c.cs', 'src/Api/d.cs', 'src/Other/e.cs', 'README.md'];
  expect(paths.map(ownersOf)).toEqual([['src/Web'], ['src/Web'], ['src/Web', 'src/Api'], ['src/Api'], null, null]);
  expect(ownersOf('src/Core/c.cs')).toBe(ownersOf('src/Core/x/y.cs'));
});

test('what a deployable at the root is built with stays with all', () => {
  const ownersOf = partitionOwners([
    { name: 'shop', root: '', evidence: [], parts: ['core'] },
    { name: 'jobs', root: 'jobs', evidence: [], parts: ['core', 'queue'] },
  ]);
  expect(['core/a.cs', 'queue/b.cs'].map(ownersOf)).toEqual([null, ['jobs']]);
});

test('an image is the project that it publishes, wherever its Dockerfile stands', () => {
  const sdk = '<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>';
  const program = 'var app = WebApplication.CreateBuilder(args).Build();\napp.MapGet("/", () => "hello");\napp.Run();\n';
  const { report } = audit(
    repository({
      'src/Api/Api.csproj': sdk,
      'src/Api/Program.cs': program,
      'src/Admin/Admin.csproj': sdk,
      'src/Admin/Program.cs': program,
      'src/Rules/Rules.cs': 'namespace Rules;\npublic class Rule {}\n',
      'src/Dockerfile':
        'FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build\nCOPY . .\nRUN dotnet publish Api/Api.csproj -o /app\nFROM mcr.microsoft.com/dotnet/aspnet:10.0\nCOPY --from=build /app .\nUSER app\nENTRYPOINT ["dotnet", "Api.dll"]\n',
      'docker-compose.yml': 'services:\n  backend:\n    build: ./src\n    restart: unless-stopped\n',
    }),
    '--fail-on',
    'never',
  );
  expect(report.inventory.deployables.map((d) => d.root).sort()).toEqual(['src/Admin', 'src/Api']);
  const judged = report.findings.filter((f) => f.check === 'containers/non-root-user' && f.deployable !== null);
  expect(Object.fromEntries(judged.map((f) => [f.deployable, f.outcome]))).toEqual({ Admin: 'not-applicable', Api: 'pass' });
});

test('a deployable is not judged by a package that others are built with', () => {
  const service = (name: string, needs: string) => ({
    [`apps/${name}/package.json`]: `{\n  "name": "${name}",\n  "scripts": { "start": "node index.js" },\n  "dependencies": { "express": "5.1.0"${needs} }\n}\n`,
    [`apps/${name}/index.js`]: `const app = require('express')();\napp.get('/', (req, res) => res.json([]));\napp.post('/', (req, res) => res.json([]));\napp.listen(3000);\n`,
  });
  const { report } = audit(
    repository({
      'package.json': '{ "private": true, "workspaces": ["apps/*", "packages/*"] }\n',
      ...service('cart', ', "@shop/rules": "1.0.0"'),
      ...service('mailer', ', "@shop/rules": "1.0.0"'),
      ...service('search', ''),
      'packages/rules/package.json': '{\n  "name": "@shop/rules",\n  "version": "1.0.0"\n}\n',
      'packages/rules/index.js': `${Array.from({ length: 220 }, (_, n) => `exports.rule${n} = ${n};`).join('\n')}\nexports.run = (text) => eval(text);\n`,
    }),
    '--fail-on',
    'never',
  );
  const judged = report.findings.filter((f) => f.check === 'security/no-code-injection' && f.deployable !== null);
  expect(Object.fromEntries(judged.map((f) => [f.deployable, f.outcome]))).toEqual({ cart: 'fail', mailer: 'fail', search: 'pass' });
});

test('code beside a Dockerfile is a part of its own, with or without a manifest; the scripts of a database go with the rest', () => {
  const { report } = audit(
    repository({
      'package.json': '{ "private": true, "devDependencies": { "prettier": "3.0.0" } }\n',
      'web/server.js': "const app = require('express')();\napp.get('/', (req, res) => res.json([]));\napp.listen(3000);\n",
      'web/Dockerfile': 'FROM node:22\nCOPY . .\nCMD ["node", "server.js"]\n',
      'ui/mix.exs': 'defmodule Ui.MixProject do\nend\n',
      'ui/lib/ui.ex': 'defmodule Ui do\nend\n',
      'ui/docker/Dockerfile': 'FROM elixir:1.19\nCOPY . .\nCMD ["mix", "phx.server"]\n',
      'db/Dockerfile': 'FROM postgres:17\nCOPY init.sh /docker-entrypoint-initdb.d/\n',
      'db/init.sh': '#!/bin/sh\npsql -c "create table a (id int)"\n',
    }),
    '--fail-on',
    'never',
  );
  expect(report.inventory.deployables.map((d) => d.root).sort()).toEqual(['', 'ui', 'web']);
});

test('a Dockerfile beside the program of a Go module builds the module, however Compose names it', () => {
  const { report } = audit(
    repository({
      'go.mod': 'module example.org/shop\n\ngo 1.25\n',
      'cmd/server/main.go':
        'package main\n\nimport (\n\t"net/http"\n\n\t"example.org/shop/internal/orders"\n)\n\nfunc main() {\n\thttp.ListenAndServe(":80", orders.Handler())\n}\n',
      'cmd/server/Dockerfile': 'FROM golang:1.25\nCOPY . .\nRUN go build -o /server ./cmd/server\nCMD ["/server"]\n',
      'internal/orders/orders.go':
        'package orders\n\nimport "net/http"\n\nfunc Handler() http.Handler {\n\tmux := http.NewServeMux()\n\tmux.HandleFunc("POST /orders", create)\n\treturn mux\n}\n',
      'docker-compose.yml': 'services:\n  server:\n    build: { context: ., dockerfile: cmd/server/Dockerfile }\n    ports: ["80:80"]\n',
    }),
    '--fail-on',
    'never',
  );
  expect(report.inventory.deployables.map((d) => [d.root, d.auxiliary])).toEqual([['', false]]);
});

test('a library of the JVM in which a class has a main to try it out goes with what is built with it', () => {
  const module = (name: string, needs: string) =>
    `<project><artifactId>${name}</artifactId><dependencies>${needs}<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies></project>\n`;
  const needsCommon = '<dependency><groupId>shop</groupId><artifactId>shop-common</artifactId></dependency>';
  const main = (name: string) =>
    `package shop;\n\npublic class ${name} {\n  public static void main(String[] args) {\n    new ${name}().run();\n  }\n}\n`;
  const roots = (web: string) =>
    audit(
      repository({
        'pom.xml':
          '<project><artifactId>shop</artifactId><packaging>pom</packaging><modules><module>shop-common</module><module>shop-jobs</module><module>shop-web</module></modules></project>\n',
        'shop-common/pom.xml': module('shop-common', ''),
        'shop-common/src/main/java/shop/Rsa.java': main('Rsa'),
        'shop-jobs/pom.xml': module('shop-jobs', ''),
        'shop-jobs/src/main/java/shop/Jobs.java': main('Jobs'),
        'shop-web/pom.xml': module('shop-web', web),
        'shop-web/src/main/java/shop/App.java':
          'package shop;\n\nimport org.springframework.boot.autoconfigure.SpringBootApplication;\n\n@SpringBootApplication\npublic class App {\n  public static void main(String[] args) {\n    SpringApplication.run(App.class, args);\n  }\n}\n',
      }),
      '--fail-on',
      'never',
    ).report.inventory.deployables.map((d: { root: string }) => d.root);
  expect(roots(needsCommon)).toEqual(['shop-jobs', 'shop-web']);
  expect(roots('')).toEqual(['shop-common', 'shop-jobs', 'shop-web']);
});
