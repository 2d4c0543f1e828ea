import { describe, expect, it } from 'vitest';
import { dockerfile, imageParts, type Stage } from '../../../src/documents/formats/dockerfile.js';
import type { Document, ReadResult } from '../../../src/model/document.js';
import { sourceOf } from '../../support/source.js';

const read = async (text: string, path = 'Dockerfile'): Promise<ReadResult> => await dockerfile.read(sourceOf(path, text));
const document = async (text: string): Promise<Document> => (await read(text)).documents![0]!;
const stages = async (text: string) => ((await document(text)).root as unknown as { stages: Stage[] }).stages;
const final = async (text: string) => (await stages(text)).at(-1)!;

describe('dockerfile', () => {
  it('reads an image, its user and its command', async () => {
    const stage = await final(
      'FROM node:22-slim\nWORKDIR /app\nCOPY --chown=node:node . .\nRUN npm ci\nUSER node\nEXPOSE 3000/tcp 81\nCMD ["node", "my server.js"]\n',
    );
    expect(stage).toMatchObject({
      image: 'node',
      tag: '22-slim',
      digest: null,
      user: 'node',
      workdir: '/app',
      exposes: ['3000/tcp', '81'],
      baseNonRoot: false,
    });
    expect(stage.cmd).toEqual({ exec: ['node', 'my server.js'], text: 'node my server.js', line: 7 });
    expect(stage.copies[0]).toEqual({ instruction: 'COPY', sources: ['.'], destination: '.', from: '', chown: 'node:node', line: 3 });
  });
  it('says nothing where nothing is said', async () => {
    expect(await final('FROM node:22\nRUN npm ci\n')).toMatchObject({
      user: '',
      cmd: null,
      entrypoint: null,
      healthcheck: null,
      fromStage: null,
    });
  });
  it('fills defaults of build arguments in', async () => {
    const text = 'ARG VERSION=3.12\nARG REGISTRY\nFROM ${REGISTRY:-docker.io}/python:${VERSION}-slim AS base\nFROM ${REGISTRY}/x:${TAG}\n';
    expect((await stages(text))[0]).toMatchObject({
      from: 'docker.io/python:3.12-slim',
      image: 'docker.io/python',
      tag: '3.12-slim',
      unresolved: false,
    });
    expect((await stages(text))[1]).toMatchObject({ from: '${REGISTRY}/x:${TAG}', unresolved: true });
  });
  it('lets a stage inherit from an earlier one', async () => {
    const text =
      'FROM python:3.12 AS base\nENV A=1 B="x y"\nUSER app\nHEALTHCHECK --interval=5s CMD ["curl", "-f", "http://x"]\nENTRYPOINT ["tini", "--"]\nCMD ["a"]\nFROM base\nENV C 3\nCMD run it\n';
    const stage = await final(text);
    expect(stage).toMatchObject({ fromStage: 'base', base: 'python:3.12', user: 'app', userLine: 3, env: { A: '1', B: 'x y', C: '3' } });
    expect(stage.healthcheck).toMatchObject({ none: false, command: 'curl -f http://x', flags: { interval: '5s' }, line: 4 });
    expect(stage.entrypoint!.exec).toEqual(['tini', '--']);
    expect(stage.cmd).toEqual({ exec: null, text: 'run it', line: 9 });
  });
  it('drops the inherited command under a new entry point', async () => {
    expect((await final('FROM a AS b\nCMD ["x"]\nFROM b\nENTRYPOINT ["y"]\n')).cmd).toBeNull();
  });
  it('reads here-documents and continued lines as one instruction', async () => {
    const stage = await final('FROM alpine:3\nRUN <<EOF\nadduser x\nUSER nobody\nEOF\nRUN apk add \\\n  # a comment\n  curl\n');
    expect(stage.user).toBe('');
    expect(stage.runs.map((run) => run.line)).toEqual([2, 6]);
    expect(stage.runs[1]!.text.replace(/\s+/g, ' ')).toBe('apk add curl');
  });
  it('fills the user in from a build argument', async () => {
    expect((await final('FROM a:1\nARG UID=1001\nUSER ${UID}:${UID}\n')).user).toBe('1001:1001');
  });
  it('knows HEALTHCHECK NONE and bases that run unprivileged', async () => {
    expect((await final('FROM a\nHEALTHCHECK NONE\n')).healthcheck).toMatchObject({ none: true, command: '' });
    for (const base of [
      'gcr.io/distroless/static:nonroot',
      'gcr.io/distroless/java17-debian12:nonroot-amd64',
      'nginxinc/nginx-unprivileged:1.27',
      'cgr.dev/chainguard/python:latest',
      'bitnami/redis:7',
      'mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled',
    ])
      expect((await final(`FROM ${base}\n`)).baseNonRoot, base).toBe(true);
    for (const base of ['node:22', 'gcr.io/distroless/static', 'nginx:1.27', 'scratch'])
      expect((await final(`FROM ${base}\n`)).baseNonRoot, base).toBe(false);
  });
  it('places the user, the command, and what is missing', async () => {
    const doc = await document('FROM a\n\nUSER root\nENV SECRET=x\nCMD x\n');
    expect(doc.place(['stages', 0, 'user'])).toEqual({ path: 'Dockerfile', line: 3 });
    expect(doc.place(['stages', 0, 'cmd'])).toMatchObject({ line: 5 });
    expect(doc.place(['stages', 0, 'env', 'SECRET'])).toMatchObject({ line: 4 });
    expect(doc.place(['stages', 0])).toMatchObject({ line: 1 });
    expect((await document('FROM a\n')).place(['stages', 0, 'user'])).toMatchObject({ line: 1 });
  });
  it('makes problems of what is no Dockerfile', async () => {
    expect((await read('RUN x\n')).problems![0]!.message).toContain('without FROM');
    expect((await read('')).problems![0]!.message).toContain('without FROM');
    expect((await read('FROM a\nFOO bar\n')).problems![0]).toMatchObject({ line: 2 });
    expect((await read('FROM a\nFOO bar\n')).documents).toHaveLength(1);
  });
  it('takes references apart', async () => {
    expect(imageParts('registry:5000/a/b')).toEqual({ image: 'registry:5000/a/b', tag: null, digest: null });
    expect(imageParts('a:1@sha256:f')).toEqual({ image: 'a', tag: '1', digest: 'sha256:f' });
    expect(imageParts('a/${NAME:-b}')).toEqual({ image: 'a/${NAME:-b}', tag: null, digest: null });
  });
});
