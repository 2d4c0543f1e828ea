import type { Stage } from '../../formats/dockerfile.js';

export type Run = Stage['runs'][number];

const install = /\b(?:apt-get|apt|apk|yum|dnf|microdnf|zypper)\s[^&|;]*\b(?:install|add)\b([^&|;]*)/g;
const compilers =
  /(?:^|\s)(build-essential|build-base|alpine-sdk|gcc|g\+\+|gcc-c\+\+|clang|make|cmake|python3?-dev|python3?-devel|musl-dev|libc6?-dev|node-gyp|cargo|rustc|golang(?:-go)?)(?=[\s=\\]|$)/;

/** The compilers or build tools that a RUN installs and keeps; '' where there are none. */
export function keptTools(text: string): string {
  if (/\b(?:apt-get|apt)\s[^&|;]*\b(?:purge|remove|autoremove)\b|\bapk\s+del\b|\b(?:yum|dnf|microdnf)\s[^&|;]*\bremove\b/.test(text))
    return '';
  for (const [, packages = ''] of text.matchAll(install)) {
    const found = compilers.exec(packages.replace(/\\\n/g, ' '));
    if (found) return found[1]!;
  }
  return '';
}

/** Compiles, bundles, or calls a manager that the image has to be given first. */
export function builds(text: string): boolean {
  return (
    /\bgo (?:build|install)\b|\bcargo (?:build|install|chef)\b|(?:^|[\s/])(?:mvnw?|gradlew?|gradle)\b|\bdotnet (?:build|publish)\b|\bsbt\b|\bmix (?:compile|release)\b/.test(
      text,
    ) ||
    /\b(?:npm|yarn|pnpm|bun)(?: -\S+)*(?: run)? build\b|(?:^|[\s;&(])(?:npx )?(?:tsc|vite build|next build|nuxt build|ng build|webpack|nest build)\b/.test(
      text,
    ) ||
    /\b(?:poetry|pnpm|composer|bundle) (?:-\S+ )*install\b|\bpipenv (?:install|sync)\b/.test(text) ||
    keptTools(text) !== '' ||
    /\b(?:build-essential|build-base|gcc|g\+\+)(?=\s|$)/.test(text)
  );
}

type Ecosystem = 'npm' | 'pypi' | 'gem' | 'composer';

/** A command that installs development dependencies too, with the ecosystem that they belong to. */
export function installsDevelopment(
  text: string,
  env: Readonly<Record<string, string>>,
  stageText: string,
): { ecosystem: Ecosystem; command: string } | null {
  const production =
    /\bNODE_ENV=["']?production/.test(text) ||
    env.NODE_ENV === 'production' ||
    env.NPM_CONFIG_PRODUCTION === 'true' ||
    env.NPM_CONFIG_OMIT === 'dev' ||
    env.YARN_PRODUCTION === 'true';
  for (const raw of text.replace(/\\\r?\n/g, ' ').split(/&&|\|\||;|\n/)) {
    const command = raw.replace(/^\s*--mount=\S+\s+/g, '').trim();
    const node =
      /^(?:[A-Z_]+=\S+ )*(npm (?:ci|install|i|clean-install)|yarn(?: install)?|pnpm (?:install|i)|bun (?:install|i))((?: -[\w-]+(?:=[\w./:@-]+| [\w./:@][\w./:@-]*)?)*)$/.exec(
        command,
      );
    if (node && !production) {
      const flags = node[2] ?? '';
      const pruned =
        /\b(?:npm prune|pnpm prune|yarn (?:install )?--production|yarn workspaces focus[^\n]*--production|npm (?:ci|install)[^\n&]*--(?:omit|production|only))/.test(
          stageText,
        );
      if (!pruned && !/--(?:omit[= ]dev|production|prod\b|only[= ]prod)|(?:^| )-P\b|-g\b|--global|--immutable-cache-only/.test(flags))
        return { ecosystem: 'npm', command };
    }
    if (
      /^(?:[A-Z_]+=\S+ )*(?:\S*\/)?poetry install\b/.test(command) &&
      !/--(?:only|without|no-dev|only-root|no-root --only)/.test(command) &&
      !/without\s+dev|virtualenvs.*without/.test(stageText)
    )
      return { ecosystem: 'pypi', command };
    if (
      /^(?:[A-Z_]+=\S+ )*(?:\S*\/)?uv sync\b/.test(command) &&
      !/--(?:no-dev|no-default-groups|only-group|no-group[= ]dev)/.test(command) &&
      !/^(?:1|true)$/i.test(env.UV_NO_DEV ?? '')
    )
      return { ecosystem: 'pypi', command };
    if (
      /\bpip3? install\b/.test(command) &&
      /-r\s*\S*(?:requirements[-_./]|requirements\/)?(?:dev|develop|development|test|tests|testing|local)(?:[-_]requirements)?\.(?:txt|in|pip)\b|\.\[[^\]]*\b(?:dev|test|tests)\b[^\]]*\]/.test(
        command,
      )
    )
      return { ecosystem: 'pypi', command: `!${command}` };
    if (
      /^(?:[A-Z_]+=\S+ )*(?:\S*\/)?bundle install\b/.test(command) &&
      !/--without/.test(command) &&
      !env.BUNDLE_WITHOUT &&
      !/bundle config[^\n&]*\bwithout\b|BUNDLE_WITHOUT/.test(stageText)
    )
      return { ecosystem: 'gem', command };
    if (
      /^(?:[A-Z_]+=\S+ )*(?:php )?(?:\S*\/)?composer(?:\.phar)? (?:-\S+ )*install\b/.test(command) &&
      !/--no-dev/.test(command) &&
      env.COMPOSER_NO_DEV !== '1'
    )
      return { ecosystem: 'composer', command };
  }
  return null;
}

const init =
  /(?:^|[\s/])(?:tini(?:-static)?|dumb-init|catatonit|docker-init|s6-svscan|supervisord|my_init|runsvdir|pid1|hivemind|circusd|multirun|go-init)(?=\s|$)|^\/init\b/;
const nodeRunner = /^(?:\S*\/)?(?:npm|yarn|pnpm)(?: -\S+)*(?: (?:run(?:-script)?\s+)?[\w:.-]+)?(?:\s|$)/;
const servers =
  /^(?:\S*\/)?(?:python[\d.]*|gunicorn|uvicorn|hypercorn|daphne|granian|celery|flask|fastapi|streamlit|uwsgi|waitress-serve|node|npm|yarn|pnpm|bun|deno|next|pm2|java|rails|bundle|bin\/rails|puma|ruby|php|php-fpm|apache2-foreground|nginx|dotnet|caddy|httpd|poetry|uv|pipenv|manage\.py)(?=\s|$)/;

/** Why signals do not reach what a command starts; '' where they do or nothing can be told. */
export function unsignalled(exec: readonly string[] | null, text: string): string {
  const words = exec ? exec.join(' ') : text;
  if (init.test(words)) return '';
  if (exec === null) return /(?:^|[\s;&])exec\s/.test(text) || text.trim() === '' ? '' : 'the shell form keeps a shell as first process';
  const [first = '', second = '', third = ''] = exec;
  if (/^(?:\S*\/)?(?:ba|da|a)?sh$/.test(first) && /^-\w*c$/.test(second))
    return /(?:^|[\s;&(])exec\s/.test(third) ? '' : 'the shell of sh -c stays the first process (no exec)';
  return nodeRunner.test(words) && !/^(?:\S*\/)?(?:yarn|pnpm) (?:node|dlx|exec)\b/.test(words)
    ? `${first} as first process does not pass signals on`
    : '';
}

/** The line (from 1) on which a start script runs a server without exec; 0 where it execs, waits for it, or nothing is recognised. */
export function unexecedServer(script: string): number {
  const lines = script.split('\n');
  if (lines.some((l) => /^\s*(?:[\w&|]+.*(?:&&|\|\||;|then)\s*)?exec\s+(?!\d*[<>])\S|\btrap\s/.test(l) && !/^\s*#/.test(l))) return 0;
  for (let i = lines.length - 1; i >= 0; i--) {
    const line = lines[i]!.trim();
    if (line === '' || line.startsWith('#') || /^(?:fi|done|esac|else|\}|;;)$/.test(line)) continue;
    // A continued command starts on an earlier line.
    let first = i;
    while (first > 0 && lines[first - 1]!.trimEnd().endsWith('\\')) first--;
    const command = lines[first]!.trim()
      .split('&&')
      .at(-1)!
      .trim()
      .replace(/^(?:[A-Z_]+=\S* )+/, '');
    if (/\$@|\$\*/.test(command) && !/^(?:echo|set|for|while|if)\b/.test(command)) return first + 1;
    return servers.test(command) &&
      !/\b(?:migrate|collectstatic|seed|createsuperuser|db:|--version|check)\b/.test(command) &&
      !/&\s*$/.test(line)
      ? first + 1
      : 0;
  }
  return 0;
}

const stepsDown = '(?:gosu|su-exec|setpriv|chpst|s6-setuidgid|runuser|setuidgid|su)';
const stepDown = new RegExp(`(?:^|[\\s;&])${stepsDown}\\s+(?!-c\\b)[^\\n]*\\S`, 'm');
const keptStepDown = new RegExp(`(?:^|\\s)(\\w{1,40})=["']${stepsDown}\\s`, 'm');

/** Gives root up before the server starts, by a command or by one that a variable holds. */
export function dropsRoot(script: string): boolean {
  const code = script.replace(/^\s*#.*$/gm, '');
  if (stepDown.test(code)) return true;
  const variable = keptStepDown.exec(code)?.[1];
  return variable !== undefined && new RegExp(`^\\s*exec\\s+\\$\\{?${variable}\\b`, 'm').test(code);
}
