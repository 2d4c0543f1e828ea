import { expect, test } from 'vitest';
import { concepts } from '../../../../src/model/concepts.js';
import { installsDevelopment, keptTools, unexecedServer, unsignalled } from '../../../../src/documents/concepts/images/commands.js';
import { ignores } from '../../../../src/documents/concepts/images/ignore.js';
import { heavyBase, looseBase, looseDeployed } from '../../../../src/documents/concepts/images/references.js';
import { collect } from '../../collect.js';

const images = async (files: Record<string, string>) =>
  (await collect('images', files)).items.map((i) => concepts.images.strict().parse(i));
const findings = async (files: Record<string, string>) =>
  (await collect('image-findings', files)).items
    .map((i) => concepts['image-findings'].strict().parse(i))
    .filter((i) => !['image', 'start', 'deployed'].includes(i.rule))
    .map((i) => `${i.path}:${i.line} ${i.rule}`);

test.each([
  ['python:3.12-slim', ''],
  ['python:3-slim', 'names no major and minor version'],
  ['node:22', ''],
  ['node:lts-alpine3.20', 'has the floating tag lts-alpine3.20'],
  ['oven/bun:1', ''],
  ['debian:bookworm-slim', ''],
  ['gcr.io/distroless/static', 'has no tag'],
  ['gcr.io/distroless/static-debian12:nonroot', ''],
  ['registry:5000/app', 'has no tag'],
  ['node@sha256:0123', ''],
  ['${BASE}', ''],
])('base %s', (reference, expected) => expect(looseBase(reference)).toBe(expected));

test.each([
  ['its own folder', 'docker/base/Dockerfile', 'FROM acme/base:1', false],
  ['its name', 'Dockerfile.base', 'FROM ghcr.io/acme/shop-base:1', false],
  ['its name as a tag', 'docker/BuildTools.Dockerfile', 'FROM acme/shop:build-tools', false],
  ['another image', 'docker/base/Dockerfile', 'FROM acme/runtime:1', true],
  ['another tag', 'docker/BuildTools.Dockerfile', 'FROM acme/shop:tools', true],
  ['no image of somebody', 'docker/base/Dockerfile', 'FROM base', true],
])('a Dockerfile that starts nothing, and others build on %s', async (_, path, from, own) => {
  const files = { [path]: 'FROM ubuntu:24.04\nRUN apt-get update\n', 'app/Dockerfile': `${from}\nCOPY . .\nCMD ["./app"]\n` };
  const found = await images(files);
  expect(found.find((i) => i.path === path)).toMatchObject({ own });
  expect(found.find((i) => i.path === 'app/Dockerfile')).toMatchObject({ own: true });
});

test('what a stage that is left behind needs to render assets is no secret of the image', async () => {
  const stages = (run: string) =>
    `FROM python:3.14-slim AS static\nARG SECRET_KEY=asdf91\nRUN ${run}\nFROM python:3.14-slim\nCOPY --from=static /app /app\nUSER 1000\nCMD ["gunicorn", "shop.wsgi"]\n`;
  expect(await findings({ Dockerfile: stages('python manage.py collectstatic') })).toEqual([]);
  expect(await findings({ Dockerfile: stages('./fetch') })).toEqual(['Dockerfile:2 secret']);
});

test('deployed tags', () => {
  expect(looseDeployed('redis:alpine')).toBe('has the floating tag alpine');
  expect(looseDeployed('acme/api:${TAG}')).toBe('');
  expect(looseDeployed('acme/api:3f2a9bc')).toBe('');
  expect(looseDeployed('acme/api:latest')).toBe('has the tag latest');
});

test('development kits are heavy only after another stage', () => {
  expect(heavyBase('eclipse-temurin:17', 1)).toBe('');
  expect(heavyBase('eclipse-temurin:17', 2)).not.toBe('');
  expect(heavyBase('eclipse-temurin:17-jre', 2)).toBe('');
  expect(heavyBase('python:3.14', 1)).not.toBe('');
});

test('commands of Dockerfiles', () => {
  expect(keptTools('apt-get update && apt-get install -y gcc libpq-dev')).toBe('gcc');
  expect(keptTools('apk add --virtual .build gcc && make && apk del .build')).toBe('');
  expect(installsDevelopment('npm ci', {}, 'npm ci')?.ecosystem).toBe('npm');
  expect(installsDevelopment('npm ci', { NODE_ENV: 'production' }, 'npm ci')).toBeNull();
  expect(installsDevelopment('npm install -g pm2', {}, '')).toBeNull();
  expect(unsignalled(['npm', 'start'], 'npm start')).not.toBe('');
  expect(unsignalled(['tini', '--', 'npm', 'start'], '')).toBe('');
  expect(unsignalled(null, 'exec gunicorn app')).toBe('');
  expect(unexecedServer('#!/bin/sh\nmigrate\ngunicorn app\n')).toBe(3);
  expect(unexecedServer('#!/bin/sh\nexec "$@"\n')).toBe(0);
});

test('the last pattern of a .dockerignore decides', () => {
  expect(ignores(['*', '!src'], '.env')).toBe(true);
  expect(ignores(['.env*', '!.env'], '.env')).toBe(false);
  expect(ignores(['**/node_modules'], 'node_modules')).toBe(true);
  expect(ignores(['node_modules'], '.git')).toBe(false);
});

test('the user, also of a start script and of the service', async () => {
  const [dropped] = await images({
    Dockerfile: 'FROM python:3.12\nENTRYPOINT ["/entrypoint.sh"]\n',
    'entrypoint.sh': '#!/bin/sh\nexec gosu app gunicorn\n',
  });
  expect(dropped?.nonRoot).toBe(true);
  const [kept] = await images({
    Dockerfile: 'FROM python:3.12\nENTRYPOINT ["/entrypoint.sh"]\n',
    'entrypoint.sh': '#!/bin/sh\nif [ "$(id -u)" = 0 ]; then\n  step="gosu app:app"\nelse\n  step=""\nfi\nexec $step gunicorn\n',
  });
  expect(kept?.nonRoot).toBe(true);
  const [silent] = await images({ Dockerfile: 'FROM python:3.12\nCMD ["python", "a.py"]\n' });
  expect(silent?.nonRoot).toBeNull();
});

test('an image that makes packages is none of the software', async () => {
  const builder =
    'FROM golang:1.26 AS build\nRUN apt-get install -y build-essential devscripts debhelper\nADD . /src\nCMD ["/src/build.sh"]\n';
  expect(await images({ 'packaging/debian/Dockerfile': builder })).toEqual([]);
});

test('findings stand at their lines; images of developers are left out', async () => {
  const found = await findings({
    Dockerfile: 'FROM node:latest\nARG NPM_TOKEN\nRUN npm config set token=$NPM_TOKEN\nUSER root\nCMD npm start\n',
    'Dockerfile.dev': 'FROM node:latest\n',
    '.devcontainer/Dockerfile': 'FROM node:latest\n',
  });
  expect(found.sort()).toEqual(
    [
      'Dockerfile:1 heavy-base',
      'Dockerfile:1 loose-base',
      'Dockerfile:3 secret',
      'Dockerfile:4 root-user',
      'Dockerfile:5 unsignalled',
    ].sort(),
  );
});

test('broken input makes no exception', async () => {
  expect(await images({ Dockerfile: 'FROM\n\u0000 [[[ \n' })).toEqual(expect.any(Array));
});
