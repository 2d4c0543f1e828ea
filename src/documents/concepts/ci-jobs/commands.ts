/** Shell text of CI steps, taken apart far enough to know which program each simple command starts. */

export interface Command {
  /** The command from its program on: assignments, `sudo`, `poetry run`, `npx`, `docker compose exec <service>` ... taken off. */
  readonly text: string;
  /** The folder that a `cd` before it went to, relative to the step's own; '' where none did. */
  readonly folder: string;
  /** Its failure is swallowed: `|| true`, `|| :`, `|| echo ...`, `|| exit 0`. */
  readonly swallowed: boolean;
}

const maxShell = 40_000;

/** Text with `#` comments and line continuations gone; quotes are respected. */
function clean(shell: string): string {
  return shell
    .slice(0, maxShell)
    .replace(/\\\r?\n/g, ' ')
    .split('\n')
    .map((line) => {
      if (!line.includes('#')) return line;
      let quote = '';
      for (let i = 0; i < line.length; i++) {
        const c = line[i]!;
        if (quote) quote = c === quote ? '' : quote;
        else if (c === '"' || c === "'") quote = c;
        else if (c === '#' && (i === 0 || /\s/.test(line[i - 1]!))) return line.slice(0, i);
      }
      return line;
    })
    .join('\n');
}

/** Simple commands with the operator that follows each; operators inside quotes do not separate. */
function split(shell: string): { text: string; next: string }[] {
  const out: { text: string; next: string }[] = [];
  let start = 0;
  let quote = '';
  const push = (end: number, next: string, width: number): void => {
    const text = shell.slice(start, end).trim();
    if (text) out.push({ text, next });
    else if (out.length > 0 && next !== '\n') out[out.length - 1]!.next = next;
    start = end + width;
  };
  for (let i = 0; i < shell.length; i++) {
    const c = shell[i]!;
    if (c === '\\') i++;
    else if (quote) quote = c === quote ? '' : quote;
    else if (c === '"' || c === "'") quote = c;
    else if (c === '\n' || c === ';') push(i, c, 1);
    else if (c === '&' && shell[i - 1] !== '>' && shell[i + 1] !== '>') {
      const two = shell[i + 1] === '&';
      push(i, two ? '&&' : '&', two ? 2 : 1);
      if (two) i++;
    } else if (c === '|') {
      const two = shell[i + 1] === '|';
      push(i, two ? '||' : '|', two ? 2 : 1);
      if (two) i++;
    }
  }
  push(shell.length, '', 0);
  return out;
}

const keyword = /^(?:if|then|else|elif|do|while|until|time|exec|eval|command|nohup|!|\{|\(|-|@|\+)$/;
const assignment = /^[A-Za-z_]\w*=/;
const maxWords = 300;

/** Words after the leading options of a command; `valued` options take the next word along. */
function afterOptions(words: readonly string[], valued?: RegExp): string[] {
  let i = 0;
  while (i < words.length && words[i]!.startsWith('-')) {
    const word = words[i++]!;
    if (word === '--') break;
    if (!word.includes('=') && valued?.test(word)) i++;
  }
  return words.slice(i);
}

const composeValued = /^(?:-f|--file|-p|--project-name|--profile|--env-file|--project-directory)$/;
const runValued = /^(?:-e|--env|-u|--user|-w|--workdir|-v|--volume|--name|--entrypoint|-p|--publish)$/;
const toolValued = /^(?:--with|--group|--extra|--only-group|--python|-p|--package|--directory|--project|--env-file|-n|--name|-C|--dir|-c)$/;

const scriptName = /^(?:[\w.-]+[:_-])?(?:tests?|cov|lint|typing|types|check|fmt|format|build|docs)(?:[:_-][\w:.-]+)?$/;

/** The words of the program that `words` merely starts, or null where the first word is the program itself. */
function started(words: readonly string[]): readonly string[] | null {
  const first = words[0] ?? '';
  const rest = words.slice(1);
  if (keyword.test(first)) return rest;
  if (assignment.test(first)) {
    // X=$(git log -1) and X="a b" reach over several words.
    const close = /=\$\([^)]*$/.test(first) ? ')' : /=(["'])[^"']*$/.exec(first)?.[1];
    const end = close ? rest.findIndex((word) => word.endsWith(close)) : -1;
    return rest.slice(end + 1);
  }
  if (/^[({@!]\S/.test(first)) return [first.slice(1), ...rest];
  const bin = /^(?:\.\/)?(?:node_modules\/\.bin|vendor\/bin|\.?venv\/bin|env\/bin)\/(.+)/.exec(first);
  if (bin) return [bin[1]!, ...rest];
  // ${PREFIX}ruff, $(VENV)/bin/pytest: a variable for the folder that the tool was installed in.
  const tool = /^"?\$(?:\{\w+\}|\(\w+\)|\w+(?=[/"]))"?\/?(?:bin\/)?([a-z][\w+-]*)"?$/.exec(first);
  if (tool) return [tool[1]!, ...rest];
  if (/^(?:sudo|env|nice|xvfb-run|chronic|doas|bunx|npx|uvx|pnpx|dlx)$/.test(first))
    return afterOptions(rest, /^(?:-p|--package|--from|--with|-u|-n|-s)$/);
  if (/^(?:timeout|retry)$/.test(first))
    return afterOptions(rest, /^(?:-[kst]|--times|--delay)$/).filter((w, i) => i > 0 || !/^\d+[smh]?$/.test(w));
  if (/^(?:poetry|pipenv|pdm|rye|hatch|conda|mamba|micromamba|uv|pixi|pipx|doppler|op|infisical|dotenvx?)$/.test(first)) {
    const command = afterOptions(rest, toolValued);
    if (command[0] !== 'run') return null;
    const run = afterOptions(command.slice(1), toolValued);
    // What these two run may be a script of pyproject.toml, told by its name: `hatch run test-cov`.
    return /^(?:hatch|pdm)$/.test(first) && scriptName.test(run[0] ?? '') ? null : run;
  }
  if (/^(?:npm|pnpm|yarn)$/.test(first)) {
    const command = afterOptions(rest, /^(?:-C|--dir|--filter|-F|--prefix|--cwd)$/);
    if (command[0] === 'exec' || command[0] === 'dlx') return afterOptions(command.slice(1), /^(?:-p|--package)$/);
    // Both start the programs of the installed packages by their bare names.
    return first !== 'npm' && /^(?:nx|turbo|lerna)$/.test(command[0] ?? '') ? command : null;
  }
  if (first === 'bundle' && rest[0] === 'exec') return rest.slice(1);
  if (/^(?:python[\d.]*|py|"?\$\{?PYTHON\}?"?)$/.test(first)) {
    const i = rest.indexOf('-m');
    return i >= 0 && rest.slice(0, i).every((w, n) => w.startsWith('-') || /^-[WX]$/.test(rest[n - 1] ?? '')) ? rest.slice(i + 1) : null;
  }
  if (/^cross-env(?:-shell)?$/.test(first)) return rest;
  const compose = /^(?:docker|podman)-compose$/.test(first)
    ? rest
    : /^(?:docker|podman)$/.test(first) && rest[0] === 'compose'
      ? rest.slice(1)
      : null;
  const command = compose ? afterOptions(compose, composeValued) : first === 'docker' ? rest : null;
  if (command && (command[0] === 'exec' || (compose && command[0] === 'run'))) {
    const inside = afterOptions(command.slice(1), runValued).slice(1);
    return inside.length > 0 ? inside : null;
  }
  if (/^(?:bash|sh|zsh|dash)$/.test(first) && /^-[a-z]*c$/.test(rest[0] ?? ''))
    return [(rest[1] ?? '').replace(/^["']/, ''), ...rest.slice(2)];
  return null;
}

/** Takes off every prefix that merely starts the real program. */
function unwrap(command: string): string {
  let words: readonly string[] = command.split(/\s+/, maxWords).filter(Boolean);
  for (let turn = 0; turn < 12; turn++) {
    const inner = started(words);
    if (inner === null) break;
    words = inner;
  }
  return words.join(' ');
}

/** Commands that a variable keeps until they are run: BUILD="./gradlew check", then $BUILD. */
function kept(shell: string): { text: string; next: string }[] {
  const run = new Set(
    [...shell.matchAll(/(?:^|[;&|]|\b(?:if|then|do|else|exec|!))[ \t]*\$\{?(\w{1,60})\}?(?=[\s;&|]|$)/gm)].map((m) => m[1]!),
  );
  if (run.size === 0) return [];
  return [...shell.matchAll(/^[ \t]*(?:local |export |readonly )?(\w{1,60})=(["'])([^"'\n]{1,400})\2[ \t]*$/gm)]
    .filter((m) => run.has(m[1]!) && /\s/.test(m[3]!))
    .flatMap((m) => split(m[3]!));
}

/**
 * The simple commands of a shell text in order. Not a shell: loops and conditions are read as plain sequences, substitutions
 * are left as they stand. `echo` and `printf` start nothing and are left out.
 */
export function commandsOf(shell: string): Command[] {
  const out: Command[] = [];
  let folder = '';
  const text = clean(shell);
  const pieces = [...split(text), ...kept(text)];
  pieces.forEach((piece, i) => {
    const command = unwrap(piece.text);
    if (!command) return;
    const cd = /^(?:cd|pushd)\s+["']?([\w./-]+)["']?\)?$/.exec(command);
    if (cd) folder = cd[1]!.startsWith('/') ? '' : cd[1]!;
    if (cd || /^(?:echo|printf)\b/.test(command)) return;
    const after = piece.next === '||' ? unwrap(pieces[i + 1]?.text ?? '') : '';
    out.push({ text: command, folder, swallowed: /^(?:true|:|exit 0|\/bin\/true|echo\b)/.test(after) });
    const quoted = /\b(?:bash|sh|zsh)\s+-[a-z]*c\s+(["'])(.*)\1/.exec(piece.text.slice(0, 4000));
    if (quoted && /&&|;|\|/.test(quoted[2]!)) out.push(...commandsOf(quoted[2]!));
  });
  return out;
}
