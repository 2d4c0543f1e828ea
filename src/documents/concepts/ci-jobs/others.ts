import type { Json, Reader, ReadResult } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { parseYaml, type YamlDocument } from '../../../safe/yaml.js';
import { at, isRecord, list, record, text, texts, type JsonMap } from '../../json.js';
import { asItem, coversMainLine, draft, isTrue, type Draft } from './draft.js';

/** CI systems beside GitHub Actions and GitLab: the commands of each job, and what starts it as far as the file says so. */
type ToSteps = (root: JsonMap, document: YamlDocument, path: string) => Draft[];

const variants = ['base', 'production', 'staging', 'development', 'test'] as const;

function yamlReader(system: string, paths: readonly string[], toSteps: ToSteps): Reader {
  return {
    name: `ci-jobs/${system}`,
    kind: 'ci-jobs',
    files: { paths, variants },
    read(source): ReadResult {
      const { documents, problems } = parseYaml(source.text);
      return {
        items: documents.flatMap((d) => (isRecord(d.value) ? toSteps(d.value, d, source.path) : [])).map(asItem),
        problems: problems.map((p) => ({ path: source.path, ...p })),
      };
    },
  };
}

const lineOf = (document: YamlDocument, ...location: (string | number)[]): number => document.place(location).line;
const joined = (value: Json | undefined): string => texts(value).join('\n');

const circleci: ToSteps = (root, document, path) => {
  const orbs = record(root['orbs']);
  const commands = record(root['commands']);
  const started = new Map<
    string,
    { triggers: Set<string>; onChange: boolean; cron: string[]; manual: boolean; workflow: string; needs: string[] }
  >();
  for (const [name, flow] of Object.entries(record(root['workflows']))) {
    const cron = list(at(flow, 'triggers'))
      .map((t) => text(at(t, 'schedule', 'cron')))
      .filter(Boolean);
    for (const entry of list(at(flow, 'jobs'))) {
      const [job, options] = isRecord(entry) ? (Object.entries(entry)[0] ?? ['', null]) : [text(entry), null];
      const known = started.get(job) ?? {
        triggers: new Set<string>(),
        onChange: false,
        cron: [],
        manual: false,
        workflow: name,
        needs: [],
      };
      const tagsOnly = at(options, 'filters', 'tags') !== undefined && at(options, 'filters', 'branches', 'ignore') !== undefined;
      if (cron.length > 0) known.triggers.add('schedule');
      else if (tagsOnly) known.triggers.add('tag');
      else {
        known.triggers.add('push');
        if (coversMainLine(texts(at(options, 'filters', 'branches', 'only')))) known.onChange = true;
      }
      known.cron.push(...cron);
      known.needs.push(...texts(at(options, 'requires')));
      started.set(job, known);
    }
  }
  const shellOf = (steps: Json | undefined, depth = 0): { run: string; uses: string; with: JsonMap; name: string; when: string }[] =>
    list(steps).flatMap((step) => {
      const [key, value] = isRecord(step) ? (Object.entries(step)[0] ?? ['', null]) : [text(step), null];
      if (key === 'run')
        return [
          {
            run: isRecord(value) ? text(value['command']) : text(value),
            uses: '',
            with: {},
            name: text(at(value, 'name')),
            when: text(at(value, 'when')),
          },
        ];
      if (key === 'when' || key === 'unless') return depth < 5 ? shellOf(at(value, 'steps'), depth + 1) : [];
      if (Object.hasOwn(commands, key) && depth < 5) return shellOf(at(commands[key], 'steps'), depth + 1);
      const orb = key.split('/');
      const qualified = orb.length === 2 && Object.hasOwn(orbs, orb[0]!) ? `${text(orbs[orb[0]!])}/${orb[1]}` : key;
      return [{ run: '', uses: qualified, with: record(value), name: '', when: '' }];
    });
  const jobs = Object.entries(record(root['jobs'])).flatMap(([name, job]) => {
    const start = started.get(name);
    const dir = text(at(job, 'working_directory')).replace(/^~\/[\w-]+\/?/, '');
    return shellOf(at(job, 'steps')).map((step) =>
      draft({
        path,
        line: lineOf(document, 'jobs', name),
        system: 'circleci',
        workflow: start?.workflow ?? '',
        job: name,
        step: step.name,
        run: step.run,
        uses: step.uses,
        with: step.with,
        image: text(at(list(at(job, 'docker'))[0], 'image')),
        triggers: [...(start?.triggers ?? [])],
        onChange: start?.onChange ?? name === 'build',
        cron: start?.cron ?? [],
        needs: start?.needs ?? [],
        dir,
      }),
    );
  });
  const orbJobs = [...started]
    .filter(([name]) => name.includes('/'))
    .map(([name, start]) => {
      const [orb, job] = name.split('/') as [string, string];
      return draft({
        path,
        line: lineOf(document, 'workflows', start.workflow),
        system: 'circleci',
        workflow: start.workflow,
        job: name,
        uses: `${text(orbs[orb]) || orb}/${job}`,
        triggers: [...start.triggers],
        onChange: start.onChange,
        cron: start.cron,
      });
    });
  return [...jobs, ...orbJobs];
};

/** Tasks of Azure Pipelines as the command they run. */
function azureCommand(task: string, inputs: JsonMap): string {
  const value = (key: string): string => text(inputs[key]);
  const name = task.replace(/@.*/, '').toLowerCase();
  if (name === 'dotnetcorecli') return `dotnet ${value('command')} ${value('projects')}`;
  if (name === 'npm') return `npm ${value('command') === 'custom' ? value('customCommand') : value('command')}`;
  if (name === 'maven') return `mvn ${value('goals') || 'package'}`;
  if (name === 'gradle') return `gradle ${value('tasks') || 'build'}`;
  if (name === 'docker')
    return /push/i.test(value('command') || 'buildAndPush') ? 'docker build .\ndocker push image' : `docker ${value('command')} .`;
  if (name === 'vstest') return 'dotnet test';
  if (name === 'bash' || name === 'powershell' || name === 'azurecli' || name === 'cmdline')
    return value('script') || value('inlineScript') || value('filePath') || value('scriptPath');
  if (name.startsWith('azurewebapp') || name === 'azurermwebappdeployment' || name.startsWith('azurefunctionapp'))
    return 'az webapp deploy';
  if (name === 'azurecontainerapps') return 'az containerapp update';
  if (name.startsWith('kubernetes')) return `kubectl ${value('action') || value('command') || 'apply'}`;
  if (name === 'helmdeploy') return `helm ${value('command')}`;
  if (name === 'terraformtaskv4' || name.startsWith('terraform')) return `terraform ${value('command')}`;
  if (name.startsWith('sonarqube') || name.startsWith('sonarcloud')) return 'sonar-scanner';
  return '';
}

const azure: ToSteps = (root, document, path) => {
  const trigger = root['trigger'];
  const branches = isRecord(trigger) ? texts(at(trigger, 'branches', 'include')) : texts(trigger);
  const pushes = !(branches.length === 1 && branches[0] === 'none');
  const pr = root['pr'];
  const cron = list(root['schedules'])
    .map((s) => text(at(s, 'cron')))
    .filter(Boolean);
  const triggers = [
    ...(pushes ? ['push'] : []),
    ...(pr !== undefined && pr !== 'none' ? ['pull_request'] : []),
    ...(cron.length > 0 ? ['schedule'] : []),
  ];
  const onChange = (pushes && coversMainLine(branches)) || (pr !== undefined && pr !== 'none');
  const out: Draft[] = [];
  const walk = (node: JsonMap, location: (string | number)[], job: string, environment: string): void => {
    list(node['stages']).forEach(
      (stage, i) => isRecord(stage) && walk(stage, [...location, 'stages', i], text(stage['stage']), environment),
    );
    list(node['jobs']).forEach(
      (entry, i) =>
        isRecord(entry) &&
        walk(
          entry,
          [...location, 'jobs', i],
          text(entry['job']) || text(entry['deployment']) || job,
          isRecord(entry['environment']) ? text(entry['environment']['name']) : text(entry['environment']),
        ),
    );
    for (const kind of ['runOnce', 'rolling', 'canary']) {
      const deploy = at(node, 'strategy', kind, 'deploy');
      if (isRecord(deploy)) walk(deploy, [...location, 'strategy', kind, 'deploy'], job, environment);
    }
    list(node['steps']).forEach((step, i) => {
      if (!isRecord(step)) return;
      const task = text(step['task']);
      const inputs = record(step['inputs']);
      out.push(
        draft({
          path,
          line: lineOf(document, ...location, 'steps', i),
          system: 'azure-pipelines',
          workflow: path,
          job,
          step: text(step['displayName']),
          run: text(step['script']) || text(step['bash']) || text(step['pwsh']) || text(step['powershell']) || azureCommand(task, inputs),
          uses: task || text(step['template']),
          with: inputs,
          triggers,
          onChange,
          cron,
          canFail: isTrue(step['continueOnError']) || isTrue(node['continueOnError']),
          condition: text(step['condition']) || text(node['condition']),
          environment,
          dir: text(step['workingDirectory']),
        }),
      );
    });
  };
  walk(root, [], '', '');
  return out;
};

const bitbucket: ToSteps = (root, document, path) => {
  const out: Draft[] = [];
  const walk = (node: Json, location: (string | number)[], triggers: string[], onChange: boolean, job: string): void => {
    if (Array.isArray(node)) return node.forEach((part, i) => walk(part, [...location, i], triggers, onChange, job));
    if (!isRecord(node)) return;
    for (const key of ['parallel', 'stage', 'steps'] as const)
      if (node[key] !== undefined) walk(node[key]!, [...location, key], triggers, onChange, job);
    const step = record(node['step']);
    if (node['step'] === undefined) return;
    const base = {
      path,
      line: lineOf(document, ...location, 'step'),
      system: 'bitbucket-pipelines',
      workflow: path,
      job,
      step: text(step['name']),
      triggers,
      onChange,
      environment: text(step['deployment']),
      image: text(step['image']) || text(at(step['image'], 'name')),
      condition: text(step['trigger']) === 'manual' ? 'trigger: manual' : '',
    };
    out.push(
      draft({
        ...base,
        run: list(step['script'])
          .filter((s) => !isRecord(s))
          .map(text)
          .join('\n'),
      }),
    );
    for (const pipe of list(step['script']).filter(isRecord))
      out.push(draft({ ...base, uses: `pipe:${text(pipe['pipe'])}`, with: record(pipe['variables']) }));
  };
  const pipelines = record(root['pipelines']);
  if (pipelines['default'] !== undefined) walk(pipelines['default']!, ['pipelines', 'default'], ['push'], true, 'default');
  for (const [section, trigger] of [
    ['branches', 'push'],
    ['pull-requests', 'pull_request'],
    ['tags', 'tag'],
    ['custom', 'workflow_dispatch'],
  ] as const)
    for (const [name, steps] of Object.entries(record(pipelines[section])))
      walk(
        steps,
        ['pipelines', section, name],
        [trigger],
        trigger === 'pull_request' || (trigger === 'push' && coversMainLine([name])),
        name,
      );
  return out;
};

/** What Travis runs for a language where the file gives no script; for Java that depends on the build tool, and tests in each case. */
const travisDefaults: Readonly<Record<string, string>> = {
  node_js: 'npm test',
  go: 'go test -v ./...',
  ruby: 'bundle exec rake',
  php: 'phpunit',
  rust: 'cargo test --verbose',
  elixir: 'mix test',
  java: 'mvn test -B',
};

const travis: ToSteps = (root, document, path) => {
  const scripted = [root, ...list(at(root, 'jobs', 'include')), ...list(at(root, 'matrix', 'include'))].some(
    (node) => isRecord(node) && node['script'] !== undefined,
  );
  const unsaid = scripted ? '' : (travisDefaults[text(root['language'])] ?? '');
  const job = (node: JsonMap, name: string, line: number): Draft[] => {
    const base = { path, line, system: 'travis', workflow: path, job: name, triggers: ['push', 'pull_request'], onChange: true };
    const shell = ['before_install', 'install', 'before_script', 'script', 'after_success', 'after_script']
      .map((k) => (k === 'script' && node === root ? joined(node[k]) || unsaid : joined(node[k])))
      .filter(Boolean)
      .join('\n');
    const deploys = list(node['deploy'])
      .filter(isRecord)
      .map((d) => {
        const provider = text(d['provider']);
        const registry = /^(?:npm|pypi|rubygems|releases|cargo|packagecloud|snap|hackage|puppetforge|bintray)$/.test(provider);
        return draft({
          ...base,
          line,
          uses: `deploy:${provider}`,
          with: d,
          run: provider === 'script' ? text(d['script']) : '',
          purposes: provider === 'script' || provider === 'pages' ? [] : [registry ? 'publish' : 'deploy'],
        });
      });
    return [...(shell ? [draft({ ...base, run: shell })] : []), ...deploys];
  };
  const matrix = [...list(at(root, 'jobs', 'include')), ...list(at(root, 'matrix', 'include'))].filter(isRecord);
  return [
    ...job(root, '', 1),
    ...matrix.flatMap((m, i) => job(m, text(m['name']) || text(m['stage']), lineOf(document, 'jobs', 'include', i))),
  ];
};

/** Drone pipelines and Woodpecker workflows: a list, or a map, of steps with images and commands. */
const drone =
  (system: string): ToSteps =>
  (root, document, path) => {
    const key = root['steps'] !== undefined ? 'steps' : 'pipeline';
    const raw = root[key];
    const steps: [string | number, JsonMap][] = isRecord(raw)
      ? Object.entries(raw).map(([k, v]) => [k, record(v)])
      : list(raw).map((s, i) => [i, record(s)]);
    const eventsIn = (when: Json | undefined): string[] =>
      list(when).flatMap((w) => texts(isRecord(w) ? (isRecord(w['event']) ? w['event']['include'] : w['event']) : undefined));
    const all = eventsIn(root['trigger'] ?? root['when']);
    return steps.map(([id, step]) => {
      const own = eventsIn(step['when']);
      const events = own.length > 0 ? own : all;
      const triggers =
        events.length > 0
          ? events.map((e) => (e === 'cron' ? 'schedule' : e === 'manual' ? 'workflow_dispatch' : e))
          : ['push', 'pull_request'];
      return draft({
        path,
        line: lineOf(document, key, id),
        system,
        workflow: text(root['name']) || path,
        job: text(root['name']),
        step: text(step['name']) || String(id),
        image: text(step['image']),
        run: joined(step['commands']),
        uses: step['commands'] === undefined ? `plugin:${text(step['image'])}` : '',
        with: record(step['settings']),
        triggers,
        onChange: triggers.some((t) => t === 'push' || t === 'pull_request'),
        canFail: text(step['failure']) === 'ignore',
      });
    });
  };

const buildkite: ToSteps = (root, document, path) =>
  list(root['steps']).flatMap((step, i) => {
    const steps = isRecord(step) && step['steps'] !== undefined ? list(step['steps']) : [step];
    return steps.filter(isRecord).map((s) =>
      draft({
        path,
        line: lineOf(document, 'steps', i),
        system: 'buildkite',
        workflow: path,
        job: text(s['key']) || text(s['label']),
        step: text(s['label']),
        run: joined(s['command'] ?? s['commands']),
        triggers: ['push'],
        onChange: true,
        canFail: isTrue(s['soft_fail']),
        condition: [text(s['if']), text(s['branches'])].filter(Boolean).join(' && '),
      }),
    );
  });

const languageImage = /^(?:golang|node|python|ruby|maven|openjdk|eclipse-temurin|rust|php|composer)$/;

const cloudbuild: ToSteps = (root, document, path) => {
  const steps = list(root['steps'])
    .filter(isRecord)
    .map((s, i) => {
      const image = text(s['name']);
      const program =
        text(s['entrypoint']) ||
        image
          .replace(/[:@].*$/, '')
          .split('/')
          .at(-1)!
          .replace(/^(?:cloud-sdk|google-cloud-cli)$/, 'gcloud')
          .replace(/^skaffold$/, 'skaffold');
      const args = list(s['args']).map(text);
      // Images of a language start what they are given; builders of the cloud are programs themselves.
      const given = text(s['entrypoint']) === '' && languageImage.test(program);
      const shell =
        text(s['script']) ||
        (/^(?:\/bin\/)?(?:ba|z)?sh$/.test(program) && args[0]?.startsWith('-')
          ? args.slice(1).join('\n')
          : (given ? args : [program, ...args]).join(' '));
      return draft({
        path,
        line: lineOf(document, 'steps', i),
        system: 'cloudbuild',
        workflow: path,
        job: text(s['id']),
        step: text(s['id']),
        image,
        run: shell,
        triggers: ['push'],
        onChange: true,
        canFail: isTrue(s['allowFailure']),
        dir: text(s['dir']),
      });
    });
  const images = texts(root['images']);
  return images.length > 0
    ? [
        ...steps,
        draft({
          path,
          line: lineOf(document, 'images'),
          system: 'cloudbuild',
          workflow: path,
          job: 'images',
          run: images.map((i) => `docker push ${i}`).join('\n'),
          triggers: ['push'],
          onChange: true,
        }),
      ]
    : steps;
};

/** Jenkinsfiles are programs: only the shell steps with literal text are read. */
function jenkins(source: Source): ReadResult {
  const code = source.code;
  const cron = [...code.matchAll(/\bcron\s*\(?\s*['"]([^'"\n]+)['"]/g)].map((m) => m[1]!);
  const stages = [...code.matchAll(/\bstage\s*\(\s*['"]([^'"\n]+)['"]/g)].map((m) => ({ at: m.index, name: m[1]! }));
  const shell = /\b(?:sh|bat|powershell|pwsh)\s*\(?\s*(?:script\s*:\s*)?(?:'''([^]*?)'''|"""([^]*?)"""|'([^'\n]*)'|"([^"\n]*)")/g;
  const items = [...code.matchAll(shell)].map((m) => {
    const stage = stages.findLast((s) => s.at < m.index)?.name ?? '';
    const after = code.slice(m.index + m[0].length, m.index + m[0].length + 60).split('\n')[0]!;
    return draft({
      path: source.path,
      line: source.at(m.index).line,
      system: 'jenkins',
      workflow: source.path,
      job: stage,
      step: stage,
      run: m[1] ?? m[2] ?? m[3] ?? m[4] ?? '',
      triggers: ['push', 'pull_request', ...(cron.length > 0 ? ['schedule'] : [])],
      onChange: true,
      cron,
      canFail: /returnStatus\s*:\s*true/.test(after) || /returnStatus\s*:\s*true/.test(m[0]),
    });
  });
  return { items: items.map(asItem) };
}

export const otherSystems: readonly Reader[] = [
  yamlReader('circleci', ['.circleci/config.yml', '.circleci/config.yaml'], circleci),
  yamlReader(
    'azure-pipelines',
    ['**/azure-pipelines*.yml', '**/azure-pipelines*.yaml', '.azure-pipelines/**/*.yml', '.azuredevops/**/*.yml'],
    azure,
  ),
  yamlReader('bitbucket-pipelines', ['bitbucket-pipelines.yml'], bitbucket),
  yamlReader('travis', ['.travis.yml'], travis),
  yamlReader('drone', ['.drone.yml', '.drone.yaml'], drone('drone')),
  yamlReader('woodpecker', ['.woodpecker.yml', '.woodpecker.yaml', '.woodpecker/*.yml', '.woodpecker/*.yaml'], drone('woodpecker')),
  yamlReader('buildkite', ['.buildkite/*.yml', '.buildkite/*.yaml'], buildkite),
  yamlReader('cloudbuild', ['**/cloudbuild*.yaml', '**/cloudbuild*.yml', '**/*.cloudbuild.yaml', '**/*.cloudbuild.yml'], cloudbuild),
  {
    name: 'ci-jobs/jenkins',
    kind: 'ci-jobs',
    files: { paths: ['Jenkinsfile', '**/Jenkinsfile.*', '**/*.jenkinsfile'], variants },
    read: jenkins,
  },
];
