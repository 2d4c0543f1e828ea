/** Scripts whose first argument names the function to run: `./run ci:test`. */

const maxFunctions = 200;
const maxLines = 400;

/** `name() {` or `function name {` at the margin; it ends with the next brace there. */
const header = /^(?:function\s+)?([A-Za-z_][\w:.-]{0,60})\s*(?:\(\)\s*)?\{\s*$/;
/** `"$@"`, `"${@:-help}"`, `"$1"`, alone or behind `time`, `exec` and the like: what is called is what was said. */
const dispatch = /^\s*(?:(?:time|exec|eval)\s+)?"?\$\{?[@*1][^\s]*\s*(?:"?\$\{?[@*][^\s]*\s*)?$/;
const passedOn = /"?\$\{?[@*](?::-[^}"]*)?\}?"?/;

/** The functions of a script that runs the one that it is told; null where it is none of that kind. */
export function shellFunctions(source: string): Record<string, string> | null {
  const lines = source.split('\n');
  const last = lines.filter((line) => line.trim() !== '').slice(-3);
  if (!last.some((line) => line.length < 200 && dispatch.test(line))) return null;
  const functions: Record<string, string> = {};
  let name = '';
  for (const line of lines) {
    if (name === '') name = (line.length < 200 && Object.keys(functions).length < maxFunctions && header.exec(line)?.[1]) || '';
    else if (line.startsWith('}')) name = '';
    else functions[name] = `${functions[name] ?? ''}${line.trim()}\n`;
  }
  return Object.keys(functions).length > 0 ? functions : null;
}

/** What runs when the function is called: its lines, with those of the functions that it calls and what these are handed. */
export function functionShell(functions: Readonly<Record<string, string>>, name: string): string {
  const out: string[] = [];
  const seen = new Set<string>();
  const visit = (body: string, given: string, depth: number): void => {
    for (const line of body.split('\n')) {
      if (out.length >= maxLines || line === '') continue;
      const text = line.replace(passedOn, given).trim();
      const [program = '', ...rest] = text.split(/\s+/);
      if (!Object.hasOwn(functions, program)) {
        out.push(text);
        continue;
      }
      const words = rest.join(' ');
      // A wrapper runs what it is handed.
      if (passedOn.test(functions[program]!) && words !== '') out.push(words);
      const key = `${program} ${words}`;
      if (depth >= 5 || seen.has(key)) continue;
      seen.add(key);
      visit(functions[program]!, words, depth + 1);
    }
  };
  visit(functions[name] ?? '', '', 0);
  return out.join('\n');
}
