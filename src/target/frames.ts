import type { Report } from '../model/report.js';
import type { Target } from '../model/target.js';
import { stripControl } from '../safe/escape.js';
import { maskSecrets } from '../safe/redact.js';

/** Lines of one frame, characters of one line, frames of one finding and of one report. */
const most = { lines: 8, characters: 160, perFinding: 2, perReport: 200 };

type Frame = { line: number; lines: string[] };

/**
 * The report with the code that its violations stand on: from the place found to the end of its statement, a few lines at most, secrets
 * masked. Only the first places of each failure get one, and none where the line holds a credential.
 */
export function withFrames(report: Report, target: Target): Report {
  const secret = new Set(
    report.findings.flatMap((f) =>
      f.evidence.filter((e) => e.probe === 'secret' || e.excerpt?.includes('****')).map((e) => `${e.location?.path}:${e.location?.line}`),
    ),
  );
  const files = new Map<string, readonly string[] | null>();
  const linesOf = (path: string): readonly string[] | null => {
    if (!files.has(path)) files.set(path, readLines(target, path));
    return files.get(path) ?? null;
  };
  let left = most.perReport;
  const findings = report.findings.map((finding) => {
    if (finding.deployable !== null || finding.outcome !== 'fail' || finding.category === 'secrets') return finding;
    let own = most.perFinding;
    const evidence = finding.evidence.map((e) => {
      const { path, line } = e.location ?? {};
      if (!e.violation || path === undefined || line === undefined || own === 0 || left === 0) return e;
      const lines = linesOf(path);
      const frame = lines && frameAt(lines, line);
      if (!frame || frame.lines.some((_, i) => secret.has(`${path}:${frame.line + i}`))) return e;
      own -= 1;
      left -= 1;
      return { ...e, frame };
    });
    return { ...finding, evidence };
  });
  return { ...report, findings };
}

function readLines(target: Target, path: string): readonly string[] | null {
  if (!target.files.some((f) => f.path === path)) return null;
  const bytes = target.read(path);
  return bytes && !bytes.includes(0) ? new TextDecoder().decode(bytes).split(/\r?\n/) : null;
}

/** From `line` (from 1) to where its brackets are closed. Nothing where the line is empty or too long to read. */
function frameAt(lines: readonly string[], line: number): Frame | null {
  const first = lines[line - 1];
  if (first === undefined || first.trim() === '') return null;
  const taken: string[] = [];
  let open = 0;
  for (const text of lines.slice(line - 1, line - 1 + most.lines)) {
    if (text.length > 1000) return null;
    taken.push(text);
    open += (text.match(/[([{]/g)?.length ?? 0) - (text.match(/[)\]}]/g)?.length ?? 0);
    if (open <= 0) break;
  }
  // Brackets that never close within the frame say nothing about the statement: the line alone.
  const statement = open > 0 && taken.length === most.lines && !first.trimEnd().match(/[([{]$/) ? taken.slice(0, 1) : taken;
  const indent = Math.min(...statement.filter((t) => t.trim() !== '').map((t) => t.length - t.trimStart().length));
  const masked = maskSecrets(statement.map((t) => stripControl(t.slice(indent)).replaceAll('\n', ' ')).join('\n')).split('\n');
  return { line, lines: masked.map((t) => (t.length > most.characters ? `${t.slice(0, most.characters - 1)}…` : t)) };
}
