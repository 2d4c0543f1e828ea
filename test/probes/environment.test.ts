import { describe, expect, it } from 'vitest';
import type { Item } from '../../src/model/document.js';
import type { Measured, Measurement } from '../../src/model/environment.js';
import type { View } from '../../src/model/probe.js';
import { environmentProbe, type EnvironmentParams } from '../../src/probes/environment.js';
import { compileCel } from '../../src/safe/cel.js';
import { compileJsonPath } from '../../src/safe/jsonpath.js';
import { renderMessage } from '../../src/safe/message.js';
import { view } from '../evaluate/support.js';

const http = environmentProbe('http');

/** A view whose running system answers as the test says; without `answer` there is none. */
function live(answer?: (m: Measurement) => Measured | undefined, routes: Item[] = [], param: Record<string, unknown> = {}): View {
  return {
    ...view(),
    items: (kind) => (kind === 'routes' ? routes : []),
    cel: (expression, variables = {}) => compileCel(expression).evaluate({ param, ...variables }),
    render: (template, variables = {}) => renderMessage(template, { param, ...variables }),
    select: (path, root) => compileJsonPath(path).select(root as never),
    ...(answer ? { measured: answer } : {}),
  };
}

const measured = (facts: unknown, where = 'https://app.example.org/'): Measured => ({ status: 'measured', where, facts });
const refused: Measured = {
  status: 'unknown',
  where: 'https://app.example.org/',
  reason: 'refused',
  message: 'the connection was refused',
};
const route = (path: string, method = 'GET', line = 1): Item => ({ path: 'app.py', line, route: path, method }) as unknown as Item;
const judge = (params: EnvironmentParams, v: View) => http.judge(params, v);

describe('questions', () => {
  const asks = (params: EnvironmentParams, v: View) => (http.measurements?.(params, v) ?? []).map((m) => m.ask);

  it('one, with what is no judging; parameters filled in', () => {
    expect(asks({ path: '/{{param.name}}', redirects: false, require: 'true', message: 'x' }, live(undefined, [], { name: 'a' }))).toEqual([
      { path: '/a', redirects: false },
    ]);
  });

  it('one for each path, lists of a parameter among them', () => {
    expect(asks({ paths: ['/', '{{param.more}}'], require: 'true' }, live(undefined, [], { more: ['/a', '/b'] }))).toEqual([
      { path: '/' },
      { path: '/a' },
      { path: '/b' },
    ]);
    expect(asks({ paths: ['{{param.more}}'], require: 'true' }, live(undefined, [], { more: [] }))).toEqual([]);
  });

  it('one for each declared route without parameters, none that sounds like an action or leaves the path', () => {
    const routes = [
      '/b',
      '/a',
      '/a',
      '/users/{id}',
      '/items/:id',
      '/x?y=1',
      '//evil.example',
      '/account/delete',
      '/logout',
      '/..%2f',
      '/ok/*',
      'no-slash',
    ].map((r) => route(r));
    const given = live(undefined, [...routes, route('/post', 'POST')]);
    expect(asks({ routes: 'item.method == "GET"', require: 'true' }, given)).toEqual([{ path: '/a' }, { path: '/b' }]);
  });

  it('no more routes than a look takes', () => {
    const many = Array.from({ length: 100 }, (_, n) => route(`/r${n}`));
    expect(asks({ routes: 'true', require: 'true' }, live(undefined, many))).toHaveLength(25);
  });
});

describe('answers', () => {
  it('without an environment, and where it is silent, it cannot tell', () => {
    expect(judge({ path: '/', require: 'true' }, live())).toMatchObject({
      answer: 'unknown',
      evidence: [{ message: 'name an environment to see it live' }],
    });
    expect(
      judge(
        { path: '/', require: 'true' },
        live(() => refused),
      ),
    ).toMatchObject({
      answer: 'unknown',
      evidence: [{ where: 'https://app.example.org/', message: 'could not be seen (refused): the connection was refused' }],
    });
    expect(
      judge(
        { path: '/', find: 'true' },
        live(() => refused),
      ).answer,
    ).toBe('unknown');
  });

  it('every value must hold; what does not is a violation at its endpoint', () => {
    const given = live(({ ask }) =>
      measured({ status: ask['path'] === '/b' ? 500 : 200 }, `https://app.example.org${String(ask['path'])}`),
    );
    expect(judge({ paths: ['/a', '/b'], require: 'item.status == 200', message: 'answers {{item.status}}' }, given)).toEqual({
      answer: 'no',
      held: 1,
      total: 2,
      evidence: [{ probe: 'http', answer: 'no', violation: true, where: 'https://app.example.org/b', message: 'answers 500' }],
    });
    expect(judge({ path: '/b', require: 'item.status == 200', failing: 'missing' }, given).evidence[0]?.violation).toBe(false);
    expect(judge({ path: '/a', require: 'item.status == 200', seen: 'fine' }, given)).toMatchObject({
      answer: 'yes',
      evidence: [{ message: 'fine', rung: 'observed', where: 'https://app.example.org/a' }],
    });
  });

  it('a violation that is seen counts though another endpoint is silent; a yes needs all of them', () => {
    const given = live(({ ask }) => (ask['path'] === '/silent' ? refused : measured({ ok: ask['path'] === '/good' })));
    expect(judge({ paths: ['/silent', '/bad'], require: 'item.ok' }, given).answer).toBe('no');
    expect(judge({ paths: ['/silent', '/good'], require: 'item.ok' }, given).answer).toBe('unknown');
    expect(judge({ paths: ['/silent', '/good'], find: 'item.ok' }, given).answer).toBe('yes');
    expect(judge({ paths: ['/silent', '/bad'], find: 'item.ok' }, given).answer).toBe('unknown');
  });

  it('judges what is selected, and names the endpoint of each; endpoints that gave nothing are told', () => {
    const facts = {
      endpoints: [
        { endpoint: 'tls://a', ok: true },
        { endpoint: 'tls://b', ok: false },
      ],
      unreachable: [{ endpoint: 'tls://c', reason: 'refused', message: 'no' }],
    };
    const given = live(() => measured(facts));
    expect(judge({ select: '$.endpoints[*]', require: 'item.ok' }, given).evidence).toMatchObject([{ where: 'tls://b' }]);
    expect(judge({ select: '$.endpoints[?@.ok == true]', require: 'item.ok' }, given)).toMatchObject({
      answer: 'unknown',
      evidence: [{ where: 'tls://c', message: 'could not be seen (refused): no' }],
    });
    expect(
      judge(
        { select: '$.nothing[*]', require: 'item.ok', empty: 'yes' },
        live(() => measured({})),
      ).answer,
    ).toBe('yes');
    expect(
      judge(
        { select: '$.nothing[*]', require: 'item.ok' },
        live(() => measured({})),
      ).answer,
    ).toBe('unknown');
  });

  it('an expression that cannot be evaluated, or is no yes or no, leaves it open', () => {
    expect(
      judge(
        { path: '/', require: 'item.none.deeper' },
        live(() => measured({})),
      ).answer,
    ).toBe('unknown');
    expect(
      judge(
        { path: '/', require: 'item.status' },
        live(() => measured({ status: 200 })),
      ).answer,
    ).toBe('unknown');
  });

  it('evidence of a declared route has both places, and long words are cut', () => {
    const given = live(() => measured({ body: 'x'.repeat(5_000) }), [route('/a', 'GET', 7)]);
    const [first] = judge({ routes: 'true', require: 'false', message: '{{item.body}}' }, given).evidence;
    expect(first).toMatchObject({ location: { path: 'app.py', line: 7 }, where: 'https://app.example.org/' });
    expect(first?.message.length).toBeLessThanOrEqual(300);
  });

  it('has nothing to say of routes where none is declared', () => {
    expect(
      judge(
        { routes: 'true', require: 'true' },
        live(() => measured({})),
      ).answer,
    ).toBe('not-applicable');
    expect(
      judge(
        { routes: 'true', find: 'true' },
        live(() => measured({})),
      ).answer,
    ).toBe('not-applicable');
  });
});
