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

const option = String.raw`(?:-{1,2}[\w-]+(?:=(?:"[^"]*"|'[^']*'|\S+))?\s+)`;
/** Prefixes that start another program named after them. */
const wrappers: readonly RegExp[] = [
  /^(?:if|then|else|elif|do|while|until|time|exec|eval|command|nohup|!|\{|\(|-|@|\+)\s*(?=\S)(?<=[\s!{(@+-])/,
  /^[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|\S*)\s+/,
  new RegExp(String.raw`^(?:sudo|env|nice|xvfb-run|dotenv|chronic|doas)\s+${option}*`),
  /^(?:timeout|retry)\s+(?:-{1,2}\S+\s+)*\d+[smh]?\s+/,
  new RegExp(
    String.raw`^(?:poetry|pipenv|pdm|rye|hatch|conda|mamba|micromamba|uv|pixi)\s+${option}*run\s+(?:(?:--(?:with|group|extra|python|package|directory|env-file|frozen|all-extras|locked|no-sync|isolated)(?:[= ](?!-)\S+)?|-[a-z]+)\s+)*`,
  ),
  /^(?:npx|bunx|uvx|pipx\s+run|pnpm\s+dlx|yarn\s+dlx|pnpx|dlx)\s+(?:-{1,2}[\w-]+(?:=\S+)?\s+)*(?:-p\s+\S+\s+)?/,
  /^(?:npm\s+exec|pnpm\s+exec|yarn\s+exec)\s+(?:-{1,2}[\w-]*(?:=\S+)?\s+)*/,
  /^bundle\s+exec\s+/,
  /^(?:python[\d.]*|py|"?\$\{?PYTHON\}?"?)\s+(?:-[A-LN-Za-ln-z]\s+\S+\s+|-[A-LN-Zbdsu]+\s+)*-m\s+/,
  /^(?:cross-env(?:-shell)?|dotenvx?\s+run|doppler\s+run|op\s+run|infisical\s+run)\s+(?:[A-Z_]\w*=\S*\s+|-{1,2}[\w-]+(?:=\S+)?\s+)*(?:--\s+)?/,
  /^(?:\.\/)?(?:node_modules\/\.bin|vendor\/bin|\.venv\/bin|venv\/bin|env\/bin)\//,
  new RegExp(
    String.raw`^(?:docker[ -]compose|docker\s+compose|podman[ -]compose)\s+(?:(?:-f|--file|-p|--project-name|--profile|--env-file)[= ]\S+\s+|${option})*(?:run|exec)\s+(?:(?:-e|--env|-u|--user|-w|--workdir|-v|--volume|--name)[= ]\S+\s+|${option}|-[a-zA-Z]+\s+)*[\w.${'$'}{}-]+\s+`,
  ),
  new RegExp(
    String.raw`^docker\s+(?:container\s+)?exec\s+(?:(?:-e|--env|-u|--user|-w|--workdir)[= ]\S+\s+|-{1,2}[\w-]+\s+)*[\w.${'$'}{}()"-]+\s+`,
  ),
  /^(?:bash|sh|zsh|dash)\s+(?:-[a-z]*\s+)*-[a-z]*c\s+["']?/,
];

/** Takes off every prefix that merely starts the real program. */
function unwrap(command: string): string {
  let text = command;
  for (let turn = 0; turn < 8; turn++) {
    const before = text;
    for (const wrapper of wrappers) text = text.replace(wrapper, '');
    if (text === before) break;
  }
  return text.replace(/\s+/g, ' ').trim();
}

/**
 * The simple commands of a shell text in order. Not a shell: loops and conditions are read as plain sequences, substitutions
 * are left as they stand. `echo` and `printf` start nothing and are left out.
 */
export function commandsOf(shell: string): Command[] {
  const out: Command[] = [];
  let folder = '';
  const pieces = split(clean(shell));
  pieces.forEach((piece, i) => {
    const text = unwrap(piece.text);
    if (!text) return;
    const cd = /^(?:cd|pushd)\s+["']?([\w./-]+)["']?\)?$/.exec(text);
    if (cd) folder = cd[1]!.startsWith('/') ? '' : cd[1]!;
    if (cd || /^(?:echo|printf)\b/.test(text)) return;
    const after = piece.next === '||' ? unwrap(pieces[i + 1]?.text ?? '') : '';
    out.push({ text, folder, swallowed: /^(?:true|:|exit 0|\/bin\/true|echo\b)/.test(after) });
    const quoted =
      /^(?:bash|sh|zsh)\b.*?-[a-z]*c\s+(["'])(.*)\1/.exec(piece.text) ?? /\b(?:bash|sh)\s+-[a-z]*c\s+(["'])(.*)\1/.exec(piece.text);
    if (quoted && /&&|;|\|/.test(quoted[2]!)) out.push(...commandsOf(quoted[2]!));
  });
  return out;
}
