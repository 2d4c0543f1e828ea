import { describe, expect, it } from 'vitest';
import { reportSchema } from '../../src/model/report.js';
import { expectGolden, goldenReport, render } from './golden.js';

describe('json', () => {
  it('is the report, byte for byte', () => expectGolden(render('json'), 'report.json'));
  it('fulfils the schema', () => {
    expect(reportSchema.parse(JSON.parse(render('json')))).toEqual(goldenReport());
  });
});
