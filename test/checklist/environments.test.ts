import { describe, expect, it } from 'vitest';
import { loadChecklist } from '../../src/checklist/load-checklist.js';
import { filledIn } from '../../src/commands/environment.js';
import { ChecklistError, UsageError } from '../../src/model/error.js';
import { loadChecks } from '../../src/checklist/load-checks.js';
import { goodCheck, vocabulary } from './vocabulary.js';

const checks = loadChecks(
  {
    'security/cors-restricted.yaml': goodCheck
      .replace(/^params.*\n/m, '')
      .replace('if: param.max > 1', 'if: uses.docker')
      .replace(/^ +params.*\n/m, ''),
  },
  vocabulary,
  '',
);
const builtins = { production: { checks: { '*': 'on' as const } } };
const files: Record<string, string> = {
  '/ops/live.yaml':
    "environments:\n  live: { url: 'https://app.example.org', envFile: app.env, trust: /etc/ca.pem, backups: [dumps, '${WHERE}/x', 's3://bucket'] }\n",
  '/ops/more.yaml':
    "extends: ./live.yaml\nenvironments:\n  staging: { url: 'https://staging.example.org' }\n  live: { url: 'https://other.example.org' }\n",
  '/repo/readiness.yaml': "environments:\n  live: { url: 'https://evil.example.org' }\n",
  '/ops/joins.yaml': 'extends: [/repo/readiness.yaml, ./live.yaml]\n',
  '/ops/wrong.yaml': 'environments:\n  live: { ur: https://app.example.org, ports: { open: [x] } }\n',
};

const load = (use: string, within?: string) =>
  loadChecklist({
    use,
    builtins,
    checks,
    target: '/repo',
    ...(within ? { within } : {}),
    read: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`no file ${path}`);
      return text;
    },
  });

describe('environments of a checklist', () => {
  it('are the operator’s, with paths beside the file that names them', async () => {
    expect((await load('/ops/live.yaml')).environments).toEqual({
      live: {
        url: 'https://app.example.org',
        envFile: '/ops/app.env',
        trust: '/etc/ca.pem',
        backups: ['/ops/dumps', '${WHERE}/x', 's3://bucket'],
      },
    });
  });

  it('of a file stand over those of what it extends', async () => {
    const { environments } = await load('/ops/more.yaml');
    expect(Object.keys(environments ?? {})).toEqual(['live', 'staging']);
    expect(environments?.['live']).toEqual({ url: 'https://other.example.org' });
  });

  it.each([
    ['its own checklist', '/repo/readiness.yaml', '/repo'],
    ['a file within it that the operator names', '/repo/readiness.yaml', undefined],
  ])('are never taken from the target: %s', async (_name, use, within) => {
    const checklist = await load(use, within);
    expect(checklist.environments).toBeUndefined();
    expect(checklist.notes?.[0]).toContain('its environments (live) are not used');
  });

  it('nor by way of a file that extends one of the target’s', async () => {
    const checklist = await load('/ops/joins.yaml');
    expect(checklist.environments?.['live']?.url).toBe('https://app.example.org');
    expect(checklist.notes).toHaveLength(1);
  });

  it('are held against their schema, at their places', async () => {
    const error = await load('/ops/wrong.yaml').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ChecklistError);
    expect((error as Error).message).toMatch(/wrong\.yaml:2:11 {2}unknown key `ur`\n {4}did you mean `url`\?/);
    expect((error as Error).message).toContain('2:56');
  });
});

describe('variables', () => {
  it('are filled in wherever a value stands', () => {
    const source = { url: 'https://${A}:${B}@x', tls: ['${A}:1'], headers: { h: 'Bearer ${B}' }, ports: { closed: [1] } };
    expect(filledIn(source, 'live', { A: 'one', B: 'two' })).toEqual({
      url: 'https://one:two@x',
      tls: ['one:1'],
      headers: { h: 'Bearer two' },
      ports: { closed: [1] },
    });
  });

  it('that are not set, or empty, are named with their place', () => {
    for (const env of [{}, { TOKEN: '' }]) {
      const make = () => filledIn({ headers: { Authorization: '${TOKEN}' } }, 'live', env);
      expect(make).toThrow(UsageError);
      expect(make).toThrow('the variable TOKEN is not set');
    }
  });

  it('are no shell: nothing else is expanded', () => {
    expect(filledIn({ url: 'https://x/$(id)$HOME`a`${1}' }, 'live', {})).toEqual({ url: 'https://x/$(id)$HOME`a`${1}' });
  });
});
