import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { pipelineFiles } from '../../src/init/pipeline.js';
import type { Report } from '../../src/model/report.js';
import { readiness, root, temporaryFolder } from '../support/cli.js';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };

interface Action {
  readonly inputs: Record<string, { default: string }>;
  readonly outputs: Record<string, { value: string }>;
  readonly runs: { readonly steps: readonly { uses?: string; run?: string; id?: string; env?: Record<string, string> }[] };
}
const action = parse(read('action.yml')) as Action;

interface Outcome {
  readonly status: number | null;
  readonly output: string;
  readonly folder: string;
}

/** A copy of a fixture to run in. */
function checkout(fixture: string): string {
  const folder = join(temporaryFolder(), 'checkout');
  cpSync(join(root, 'fixtures', fixture), folder, { recursive: true });
  return folder;
}

/** A shell script as a runner starts it: in the checkout, with these variables and little else. */
function runScript(shell: string, script: string, folder: string, env: Record<string, string>, path = process.env['PATH'] ?? ''): Outcome {
  const { status, stdout, stderr } = spawnSync(shell, ['-e', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
    env: { PATH: path, HOME: folder, TMPDIR: temporaryFolder(), ...env },
  });
  return { status, output: stdout + stderr, folder };
}

/** The action's own step with inputs as GitHub hands them over. */
function runAction(fixture: string, inputs: Record<string, string> = {}): Outcome & { summary: string; outputs: string } {
  const folder = checkout(fixture);
  const files = temporaryFolder();
  const step = action.runs.steps.find((s) => s.run);
  const values = Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, inputs[name] ?? String(input.default)]));
  const env = Object.fromEntries(
    Object.entries(step?.env ?? {}).map(([name, template]) => [
      name,
      template
        .replace('${{ github.action_path }}', root)
        .replace(/\$\{\{ inputs\.([\w-]+) \}\}/, (_, input: string) => values[input] ?? ''),
    ]),
  );
  const outcome = runScript('bash', step?.run ?? '', folder, {
    ...env,
    RUNNER_TEMP: files,
    GITHUB_STEP_SUMMARY: join(files, 'summary.md'),
    GITHUB_OUTPUT: join(files, 'output.txt'),
  });
  const text = (name: string): string => (existsSync(join(files, name)) ? readFileSync(join(files, name), 'utf8') : '');
  return { ...outcome, summary: text('summary.md'), outputs: text('output.txt') };
}

/** An npm that "installs" the built command line, first in the PATH. */
function pathWithNpm(): string {
  const bin = temporaryFolder();
  const wrapper = `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'dist/cli.js')}" "$@"\n`;
  writeFileSync(join(bin, 'readiness'), wrapper);
  writeFileSync(
    join(bin, 'npm'),
    `#!/bin/sh\nmkdir -p node_modules/.bin && cp "${join(bin, 'readiness')}" node_modules/.bin/ && echo "$PWD $*" > "${join(bin, 'log')}"\n`,
  );
  for (const name of ['readiness', 'npm']) chmodSync(join(bin, name), 0o755);
  return bin;
}

describe('action.yml', () => {
  it('hands every input over as a variable, and interpolates nothing into a script', () => {
    const [setup, audit] = action.runs.steps;
    expect(setup?.uses).toMatch(/@[0-9a-f]{40}$/);
    expect(audit?.run).not.toContain('${{');
    const handed = Object.values(audit?.env ?? {}).join(' ');
    for (const input of Object.keys(action.inputs)) expect(handed).toContain(`\${{ inputs.${input} }}`);
    expect(action.inputs['version']?.default).toBe(version);
  });

  it('audits, annotates, writes summary, outputs and reports, and fails with the gate', () => {
    const run = runAction('fastapi-careless', { formats: 'html=out/a b.html,\n  sarif=out/r.sarif ', 'fail-on': 'critical' });
    expect(run.status).toBe(1);
    expect(run.output).toMatch(/^::error file=app\/main\.py,line=\d+,title=/m);
    expect(run.summary).toMatch(/^## ⛔ DO NOT DEPLOY/);
    const outputs = Object.fromEntries(
      run.outputs
        .trim()
        .split('\n')
        .map((line) => line.split(/=(.*)/s)),
    );
    const report = JSON.parse(readFileSync(String(outputs['report']), 'utf8')) as Report;
    expect(outputs['verdict']).toBe(report.verdict);
    expect(Number(outputs['score'])).toBe(report.score.value);
    expect(Object.keys(action.outputs).sort()).toEqual(Object.keys(outputs).sort());
    expect(readdirSync(join(run.folder, 'out')).sort()).toEqual(['a b.html', 'r.sarif']);
  });

  it('passes when the gates hold, and keeps quiet when told to', () => {
    const run = runAction('library', { 'fail-on': 'never', annotations: 'false', summary: 'false', threshold: '1' });
    expect(run.status).toBe(0);
    expect(run.output).not.toContain('::');
    expect(run.summary).toBe('');
  });

  it('fails by threshold, and says what is wrong with a wrong one', () => {
    expect(runAction('library', { 'fail-on': 'never', threshold: '100' }).status).toBe(1);
    const wrong = runAction('library', { threshold: 'high' });
    expect(wrong.status).toBe(2);
    expect(wrong.output).toContain('no number from 0 to 100');
  });

  it('never runs what an input says', () => {
    const bad = '$(touch owned) `touch owned`; touch owned; "\'';
    const run = runAction('library', { path: bad, checklist: bad, formats: `json=${bad}`, 'fail-on': bad, threshold: bad });
    expect(run.status).toBe(2);
    expect(existsSync(join(run.folder, 'owned'))).toBe(false);
  });

  it('installs only a version, away from the checkout', () => {
    const copy = temporaryFolder();
    mkdirSync(join(copy, 'ci/github'), { recursive: true });
    copyFileSync(join(root, 'ci/github/audit.sh'), join(copy, 'ci/github/audit.sh'));
    const run = runScript('bash', `bash '${copy}/ci/github/audit.sh'`, checkout('library'), { READINESS_VERSION: '1.0.0 evil' });
    expect(run.status).toBe(2);
    expect(run.output).toContain('version must be a version');
  });
});

describe('the GitLab template', () => {
  const [inputs, template] = parseAllDocuments(read('ci/gitlab/readiness.gitlab-ci.yml')).map((d) => d.toJS() as Record<string, unknown>);
  const job = template?.['readiness'] as {
    script: string[];
    variables: Record<string, string>;
    artifacts: { reports: Record<string, string> };
  };

  it('interpolates inputs into variables only', () => {
    expect(job.script.join('\n')).not.toContain('$[[');
    const { spec } = inputs as { spec: { inputs: Record<string, { default: string }> } };
    const names = Object.keys(spec.inputs);
    const text = JSON.stringify(template);
    for (const name of names) expect(text).toContain(`$[[ inputs.${name} ]]`);
    expect(spec.inputs['version']?.default).toBe(version);
  });

  it('runs as a script: audits, and writes the reports that it announces', () => {
    const bin = pathWithNpm();
    const folder = checkout('express-speech');
    const env = Object.fromEntries(Object.keys(job.variables).map((name) => [name, '']));
    const run = runScript(
      'sh',
      job.script.join('\n'),
      folder,
      { ...env, READINESS_PATH: '.', READINESS_VERSION: version, READINESS_FAIL_ON: 'never' },
      `${bin}:${process.env['PATH']}`,
    );
    expect(run.status).toBe(0);
    for (const file of Object.values(job.artifacts.reports)) expect(existsSync(join(folder, file))).toBe(true);
    const log = readFileSync(join(bin, 'log'), 'utf8');
    expect(log).toContain(`readiness@${version}`);
    expect(log.startsWith(folder)).toBe(false);
  });
});

describe('the pipelines that init writes', () => {
  it.each(['github', 'gitlab'] as const)('%s: the script audits the named folder and fails with the gate', (forge) => {
    const bin = pathWithNpm();
    const folder = checkout('monorepo');
    const file = parse(pipelineFiles(forge, 'services/api', version)[0]?.text ?? '') as unknown;
    const script =
      forge === 'github'
        ? (file as { jobs: { readiness: { steps: { run?: string }[] } } }).jobs.readiness.steps.find((s) => s.run)?.run
        : (file as { readiness: { script: string[] } }).readiness.script.join('\n');
    const run = runScript(
      forge === 'github' ? 'bash' : 'sh',
      script ?? '',
      folder,
      { FOLDER: 'services/api', POLICY_FROM: '', GITHUB_STEP_SUMMARY: join(folder, 's.md') },
      `${bin}:${process.env['PATH']}`,
    );
    expect(run.status).toBe(1);
    const report = JSON.parse(readFileSync(join(folder, 'readiness-report/report.json'), 'utf8')) as Report;
    expect(report.target.name).toBe('api');
  });
});

describe('.pre-commit-hooks.yaml', () => {
  const hooks = parse(read('.pre-commit-hooks.yaml')) as { id: string; entry: string; language: string; pass_filenames: boolean }[];

  it.each(hooks.map((h) => [h.id, h] as const))('%s: its entry is a command that runs', (_, hook) => {
    expect(hook).toMatchObject({ language: 'node', pass_filenames: false });
    const [command, ...args] = hook.entry.split(' ');
    expect(command).toBe('readiness');
    expect(readiness(args, { cwd: checkout('streamlit-assistant') }).status).toBe(1);
    expect(readiness(args, { cwd: checkout('library') }).status).toBe(0);
  });
});

describe('Dockerfile', () => {
  it('passes our own checks of containers', () => {
    const { stdout } = readiness(['audit', root, '--only', 'containers/*', '-f', 'json', '--fail-on', 'never']);
    const { findings, verdict } = JSON.parse(stdout) as Report;
    expect(findings.filter((f) => f.outcome === 'fail' || f.outcome === 'error').map((f) => f.check)).toEqual([]);
    expect(findings.find((f) => f.check === 'containers/non-root-user')?.outcome).toBe('pass');
    expect(verdict).toBe('READY');
  });

  it('builds the program from what it copies in', () => {
    const stage = read('Dockerfile').split(/^FROM /m)[1] ?? '';
    const copied = [...stage.matchAll(/^COPY (.+) \S+$/gm)].flatMap((m) => (m[1] ?? '').split(' '));
    const allowed =
      read('.dockerignore')
        .match(/^!.+$/gm)
        ?.map((line) => line.slice(1)) ?? [];
    expect(copied.filter((file) => !allowed.includes(file))).toEqual([]);
    const folder = temporaryFolder();
    for (const file of copied) cpSync(join(root, file), join(folder, file), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const build = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: folder, encoding: 'utf8', timeout: 120_000 });
    expect(build.stderr).toBe('');
    expect(spawnSync(process.execPath, ['dist/cli.js', '--version'], { cwd: folder, encoding: 'utf8' }).stdout).toBe(`${version}\n`);
  }, 150_000);
});

describe('the options that these files use', () => {
  it('are options of the command', () => {
    const help = readiness(['audit', '--help']).stdout;
    const scripts = ['ci/github/audit.sh', 'ci/gitlab/readiness.gitlab-ci.yml', '.pre-commit-hooks.yaml'].map(read);
    const written = pipelineFiles('github', '.', version).map((f) => f.text);
    const used = new Set([...scripts, ...written].join('\n').match(/--(?!silent|no-fund|no-audit)[a-z]+(?:-[a-z]+)*/g));
    expect(used.size).toBeGreaterThan(8);
    expect([...used].filter((flag) => !help.includes(`${flag} `))).toEqual([]);
  });
});

describe('docs/ci.md', () => {
  const page = read('docs/ci.md');
  const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((m) => parse(m[1] ?? '') as unknown);

  it('has an example of everything, valid as YAML', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(4);
    for (const name of ['action', 'gitlab/readiness.gitlab-ci.yml', 'pre-commit', 'docker run']) expect(page.toLowerCase()).toContain(name);
  });

  it('names only inputs that there are, and all of them', () => {
    const used =
      JSON.stringify(blocks)
        .match(/"uses":"your-org\/readiness[^}]*?"with":\{(.*?)\}/g)
        ?.join(' ') ?? '';
    for (const [, name = ''] of used.matchAll(/"([a-z-]+)":/g)) expect(['uses', 'with', ...Object.keys(action.inputs)]).toContain(name);
    for (const name of Object.keys(action.inputs).filter((n) => n !== 'version')) expect(page).toContain(`\`${name}\``);
    expect(page).toContain(`@v${version}`);
  });
});
