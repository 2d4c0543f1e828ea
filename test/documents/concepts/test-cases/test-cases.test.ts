import { expect, test } from 'vitest';
import { testCaseReaders, testCases } from '../../../../src/documents/concepts/test-cases/index.js';
import { concepts } from '../../../../src/model/concepts.js';
import type { Collected, Item } from '../../../../src/model/document.js';
import { sourceOf } from '../../../support/source.js';

async function casesOf(path: string, text: string): Promise<Item[]> {
  const source = sourceOf(path, text);
  const items: Item[] = [];
  for (const reader of testCaseReaders)
    if (source.file.language && reader.files.languages?.includes(source.file.language) && reader.files.roles?.includes(source.file.role))
      items.push(...((await reader.read(source)).items ?? []));
  return [...testCases.combine(items, {} as Collected)].map((item) => concepts['test-cases'].parse(item) as unknown as Item);
}

const facts = (items: Item[]): unknown[] => items.map((i) => [i.line, i['name'], i['asserts'], i['disabled']]);

test('pytest: methods, decorators with and without a reason, conditional skips', async () => {
  const text = `import pytest


def helper():
    return 1


def test_one():
    assert helper() == 1


@pytest.mark.skip
def test_two():
    assert True is True


@pytest.mark.skip(reason="hangs on the old runner")
def test_three():
    assert 1


@pytest.mark.skipif(sys.platform == "win32", reason="posix")
class TestX:
    @pytest.mark.xfail
    def test_four(self):
        """Not reentrant safe."""
        assert 2

    def test_five(self):
        if no_network:
            pytest.skip()
        client.get("/")
`;
  expect(facts(await casesOf('tests/test_a.py', text))).toEqual([
    [8, 'test_one', true, ''],
    [13, 'test_two', true, 'skip'],
    [18, 'test_three', true, 'reason'],
    [25, 'test_four', true, 'reason'],
    [29, 'test_five', false, ''],
  ]);
});

test('JavaScript: focus, skipped groups, conditional and commented-out cases', async () => {
  const text = `describe('cart', () => {
  it('adds', () => { expect(add(1)).toBe(1); });
  // it.only('not this', () => {});
  it.skip('removes', () => { expect(remove()).toBe(0); });
  test.only('focus', async () => { expect(1).toBe(1); });
  test.each([[1]])('each %s', (n) => { expect(n).toBe(1); });
});
describe.skip('later', () => {});
// flaky until #12 is fixed
xit('reasoned', () => { expect(1).toBe(1); });
test.describe('group', () => {});
`;
  expect(facts(await casesOf('src/cart.test.js', text))).toEqual([
    [2, 'adds', true, ''],
    [4, 'removes', true, 'skip'],
    [5, 'focus', true, ''],
    [6, '', true, ''],
    [10, 'reasoned', true, 'reason'],
    [8, "describe.skip('later', () => {});", false, 'skip'],
    [5, "test.only('focus', async () => { expect(1).toBe(1); });", false, 'focus'],
  ]);
});

test.each<[string, string, unknown[]]>([
  ['a.test.js', "describe('mysql', () => {\n  if (!process.env.MYSQL_URL) {\n    it.skip('works', () => {});\n    return;\n  }\n  it.skip('never', () => {\n    expect(a()).toBe(1);\n  });\n});\n", [[3, 'works', false, ''], [6, 'never', true, 'skip']]],
  ['b_test.go', 'package a\n\nfunc TestA(t *testing.T) {\n\tt.Run("success", func(t *testing.T) {\n\t\tassert.Equal(t, 1, 1)\n\t})\n\n\tt.Run("later", func(t *testing.T) {\n\t\tt.Skip()\n\t\tassert.Equal(t, 1, 1)\n\t})\n\n\tt.Run("long", func(t *testing.T) {\n\t\tif testing.Short() {\n\t\t\tt.Skip()\n\t\t}\n\t\tassert.Equal(t, 1, 1)\n\t})\n}\n', [[3, 'TestA', false, ''], [4, 'success', true, ''], [8, 'later', true, 'skip'], [13, 'long', true, '']]],
  ['c_test.go', 'package a\n\nfunc TestTable(t *testing.T) {\n\tfor _, tt := range cases {\n\t\tt.Run(tt.name, func(t *testing.T) {\n\t\t\tassert.Equal(t, tt.want, tt.got)\n\t\t})\n\t}\n}\n', [[3, 'TestTable', true, '']]],
  ['a_test.go', 'package a\n\nfunc TestA(t *testing.T) {\n\tt.Skip()\n\tt.Error("x")\n}\n\nfunc TestB(t *testing.T) {\n\tif testing.Short() {\n\t\tt.Skip()\n\t}\n\tassert.Equal(t, 1, 1)\n}\n', [[3, 'TestA', true, 'skip'], [8, 'TestB', true, '']]],
  ['src/test/java/ATest.java', 'class ATest {\n  @Test\n  void adds() { assertEquals(1, 1); }\n\n  @Disabled\n  @Test\n  void off() { assertEquals(1, 1); }\n\n  @Disabled("waits for the new broker")\n  @Test\n  void later() { assertEquals(1, 1); }\n\n  @Test\n  void contextLoads() {}\n}\n', [[2, 'adds', true, ''], [6, 'off', true, 'skip'], [10, 'later', true, 'reason'], [13, 'contextLoads', false, '']]],
  ['test/a_test.rb', "class ATest < ActiveSupport::TestCase\n  test 'keeps' do\n    pending = create(:user)\n    assert_includes all, pending\n  end\n\n  test 'later' do\n    pending\n    assert true\n  end\nend\n", [[2, 'keeps', true, ''], [7, 'later', true, 'skip']]],
  ['spec/a_spec.rb', "RSpec.describe A do\n  it 'adds' do\n    expect(1).to eq 1\n  end\n\n  xit 'off' do\n    expect(1).to eq 1\n  end\n\n  it 'focused', focus: true do\n    expect(1).to eq 1\n  end\nend\n", [[2, 'adds', true, ''], [6, 'off', true, 'skip'], [10, 'focused', true, ''], [10, "it 'focused', focus: true do", false, 'focus']]],
  ['tests/ATest.php', "<?php\nclass ATest extends TestCase {\n    public function testA(): void\n    {\n        $this->assertSame(1, one());\n    }\n    public function testB(): void\n    {\n        $this->markTestSkipped();\n    }\n    /** @test */\n    public function it_adds() { $this->assertTrue(add()); }\n}\n", [[3, 'testA', true, ''], [7, 'testB', false, 'skip'], [11, 'it_adds', true, '']]],
  ['tests/A.Tests/ATests.cs', 'public class ATests\n{\n    [Fact]\n    public void Adds() { Assert.Equal(1, 1); }\n\n    [Fact(Skip = "x")]\n    public void Off() { Assert.Equal(1, 1); }\n}\n', [[3, 'Adds', true, ''], [6, 'Off', true, 'skip']]],
  ['src/lib.rs', '#[cfg(test)]\nmod tests {\n    #[test]\n    fn adds() { assert_eq!(1, 1); }\n}\n', [[3, 'adds', true, '']]],
])('%s', async (path, text, expected) => expect(facts(await casesOf(path, text))).toEqual(expected)); // prettier-ignore

test('only running cases with assertions that are no scaffold are counted', async () => {
  const text = `test('renders learn react link', () => { expect(screen.getByText(/learn react/i)).toBeInTheDocument(); });
test('a', () => { expect(1).toBe(1); });
test('b', () => { run(); });
test('c', () => { expect(2).toBe(2); });
`;
  expect((await casesOf('src/App.test.js', text)).map((i) => i['nth'])).toEqual([0, 1, 0, 2]);
});

test('the whole table of a Go test is its body', async () => {
  const rows = '\t\t{name: "ok", want: http.StatusOK, given: sampleOfARequest()},\n'.repeat(60);
  const text = `package a\n\nfunc TestAPI(t *testing.T) {\n\tcases := []row{\n${rows}\t\t{name: "none", want: http.StatusNotFound},\n\t}\n\tfor _, c := range cases {\n\t\trequire.Equal(t, c.want, serve(c))\n\t}\n}\n`;
  expect((await casesOf('api/a_test.go', text))[0]!['body']).toContain('StatusNotFound');
});

test('Nest’s generated test is scaffold, a greeting that is asked for elsewhere is not', async () => {
  const nest = `it('greets', () => {\n  expect(controller.getHello()).toBe('Hello World!');\n});\n`;
  expect(await casesOf('src/app.controller.spec.ts', nest)).toMatchObject([{ scaffold: true }]);
  const own =
    'package a\n\nfunc TestHandler(t *testing.T) {\n\tif got := serve(t); got != "Hello World!" {\n\t\tt.Errorf("%q", got)\n\t}\n}\n';
  expect(await casesOf('handler_test.go', own)).toMatchObject([{ scaffold: false, asserts: true }]);
});

test('browser libraries', async () => {
  const text = `import { test, expect } from '@playwright/test';\ntest('buys', async ({ page }) => {\n  await page.goto('/');\n  await page.getByRole('button').click();\n  await expect(page).toHaveURL('/done');\n});\n`;
  expect(await casesOf('e2e/buy.spec.ts', text)).toMatchObject([{ browser: 'playwright', acts: true, asserts: true, scaffold: false }]);
});

test('Kotlin: cases written as calls, with helpers of their own', async () => {
  const text = `package shop

val CartSuite by testSuite {
    test("adds items") {
        assert(Cart().add(1).size == 1)
    }

    testServer("refuses nothing", timeout = 3) {
        expectThat(get("/cart")).isEqualTo(400)
    }
}

fun testServer(name: String, run: () -> Unit) {
    register("testing") { run() }
}
`;
  expect(facts(await casesOf('src/test/kotlin/CartSpec.kt', text)).map((f) => (f as unknown[]).slice(0, 3))).toEqual([
    [4, 'adds items', true],
    [8, 'refuses nothing', true],
  ]);
});
