import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { withFrames } from '../../src/target/frames.js';
import { memoryTarget } from '../../src/target/index.js';
import { goldenReport } from '../report/golden.js';

const password = ['hunter', '2hunter', '2'].join('');

/** A report with one failure at these lines of a file with this text. */
function framesOf(text: string, lines: readonly number[], change: Partial<Report['findings'][number]> = {}, probe = 'text') {
  const report = goldenReport();
  const finding = report.findings.find((f) => f.outcome === 'fail' && f.deployable === null);
  if (!finding) throw new Error('the golden report has no failure');
  const evidence = lines.map((line) => ({
    probe,
    answer: 'no' as const,
    violation: true,
    location: { path: 'app.py', line },
    message: 'wrong',
  }));
  const result = withFrames(
    { ...report, findings: [{ ...finding, category: 'security', evidence, ...change }] },
    memoryTarget({ 'app.py': text }),
  );
  return result.findings[0]?.evidence.map((e) => e.frame);
}

describe('withFrames', () => {
  it('takes the statement from its place to its end, without the common indentation', () => {
    const text = 'x = 1\n    app = FastAPI(\n        debug=True,\n    )\ny = 2\n';
    expect(framesOf(text, [2])).toEqual([{ line: 2, lines: ['app = FastAPI(', '    debug=True,', ')'] }]);
  });

  it('takes one line where the statement is one, and eight at most', () => {
    expect(framesOf('a(1)\nb(2)\n', [1])).toEqual([{ line: 1, lines: ['a(1)'] }]);
    expect(framesOf(`f(\n${'  1,\n'.repeat(30)})\n`, [1])?.[0]?.lines).toHaveLength(8);
  });

  it('masks what is secret, and shows no line that holds a credential', () => {
    expect(framesOf(`login(\n  password="${password}",\n)\n`, [1])?.[0]?.lines.join('\n')).not.toContain(password);
    expect(framesOf(`connect("${password}")\n`, [1], {}, 'secret')).toEqual([undefined]);
    expect(framesOf(`connect("${password}")\n`, [1], { category: 'secrets' })).toEqual([undefined]);
  });

  it('gives the first two places of a failure one, and nothing else', () => {
    expect(framesOf('a()\nb()\nc()\n', [1, 2, 3])?.map((f) => f?.line)).toEqual([1, 2, undefined]);
    expect(framesOf('a()\n', [1], { outcome: 'pass' })).toEqual([undefined]);
  });

  it('has nothing to show of places that are not there', () => {
    expect(framesOf('a()\n', [7])).toEqual([undefined]);
    expect(framesOf('\n\n', [1])).toEqual([undefined]);
    expect(framesOf(`${'x'.repeat(5000)}\n`, [1])).toEqual([undefined]);
  });

  it('makes control characters visible', () => {
    expect(framesOf('a = "\u202e\u001b[31m"\n', [1])?.[0]?.lines[0]).toBe('a = "[U+202E]"');
  });
});
