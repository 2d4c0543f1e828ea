import type { Language } from '../../../model/file.js';

/** How test cases look in one language. All patterns run over code without comments, but for `skips`' reasons. */
export interface TestLanguage {
  readonly languages: readonly Language[];
  /** Finds the start of each case; the groups `name` and, where the call itself says so, `how` (`xit`, `test.only`). */
  readonly start: RegExp;
  readonly asserts: RegExp;
  /** What ends a case besides the next one: a pattern of a line that begins something else. */
  readonly end: RegExp;
  /** In the lines before a case (annotations, decorators) and at its start. */
  readonly skip: RegExp;
  /** In the body: a call that skips from within. */
  readonly inner: RegExp | null;
  /** A group of cases that is skipped as a whole. */
  readonly group: RegExp | null;
  readonly focus: RegExp | null;
}

export const testLanguages: readonly TestLanguage[] = [
  {
    languages: ['python'],
    start: /^[ \t]*(?:async )?def (?<name>test\w*)\s*\(/gm,
    asserts: /\bassert\b|\.assert\w*\s*\(|\braises\s*\(|\bexpect\s*\(|\.fail\s*\(|\bassert_\w+\s*\(|\bcheck_\w+\s*\(/,
    end: /^(?:class |def |async def |@|if __name__)/,
    skip: /@(?:pytest\.mark\.)?(?:skip|xfail)\b(?!_?if)(?<args>\((?:[^()]|\([^()]*\))*\))?|@unittest\.(?:skip|expectedFailure)\b(?<args2>\((?:[^()]|\([^()]*\))*\))?/,
    inner: /^(?<indent>[ \t]+)(?:pytest|self)\.(?:skip|skipTest|xfail)\s*\((?<args>[^)]*)\)/m,
    group: null,
    focus: null,
  },
  {
    languages: ['javascript', 'typescript', 'tsx', 'vue', 'svelte'],
    start:
      /(?<![\w.$])(?<how>(?:x|f)?(?:it|test)|x?specify|scenario)(?!\.(?:describe|step|before\w*|after\w*|use|extend|setTimeout|info|slow|concurrent\.describe)\b)(?<chain>(?:\.\w+)*)\s*(?:\(\s*(?:(?<quote>['"`])(?<name>(?:\\.|(?!\k<quote>)[^\\\n]){0,200})|[A-Za-z_$][\w.$]*\s*,)|(?<=\.each)[(`])/g,
    asserts:
      /\bexpect\w*\s*(?:\.\w+\s*)*\(|\bassert\w*\b|\.should\b|\bshould\.|\bt\.(?:is|deepEqual|true|false|truthy|equal|same|ok|not|throws|snapshot|pass)\b|\.expect\s*\(|\bcy\.|\bexpectTypeOf\b|\bt\.assert\b/,
    end: /^(?:export |import |(?:describe|suite|context)\b)/,
    skip: /^(?:x(?:it|test|specify)\b|\w+(?:\.\w+)*\.(?:skip|fixme|failing|fails)(?![\w]))/,
    inner:
      /^(?<indent>[ \t]+)(?:test|it)\.(?:skip|fixme)\s*\((?<args>[^)]*)\)|^(?<indent2>[ \t]+)(?:this|ctx|t)\.skip\s*\((?<args2>[^)]*)\)/m,
    group: /(?<![\w.$])(?:xdescribe|xcontext|(?:describe|context|suite)\.skip)\s*\(/g,
    focus: /(?<![\w.$])(?:fit|ftest|fdescribe|(?:it|test|describe|context|suite|specify)(?:\.\w+)*\.only)\s*\(\s*['"`]/g,
  },
  {
    languages: ['go'],
    // A subtest with a name of its own is a case; those of a table are told apart only when they run.
    start: /^func (?<name>(?:Test|Fuzz)\w*)\s*\(|^[ \t]+t\.Run\(\s*"(?<sentence>[^"\n]{1,200})"/gm,
    asserts:
      /\b[tb]\.(?:Error|Fatal|Fail)\w*\s*\(|\b(?:assert|require|is|qt|td|must|should|check|expect|test)\w*\.\w+\s*\(|\bExpect\s*\(|\bSo\s*\(|\w+\(\s*t\s*[,)]|\bcmp\.Diff\b|\bsuite\.Run\b|\bs\.(?:Equal|NoError|Require|Assert|True)\w*\(/,
    end: /^(?:func |type |var |const )/,
    skip: /^$/,
    inner: /^(?<indent>[ \t]+)[tb]\.(?:Skip|SkipNow|Skipf)\s*\((?<args>[^)]*)\)/m,
    group: null,
    focus: null,
  },
  {
    languages: ['java', 'kotlin', 'scala'],
    start:
      /@(?:Test|ParameterizedTest|RepeatedTest|TestFactory|Theory|Property)\b(?:\([^)]*\))?(?:\s*@\w+(?:\([^)]*\))?)*\s+(?:(?:public|private|protected|internal|open|override|suspend|static|final|<(?:[\w, ?]|<[\w, ?]*>)+>)\s+)*(?:fun\s+|[\w<>[\], ?]+\s+)(?<name>`[^`\n]+`|\w+)\s*\(|^[ \t]+(?:test\w{0,40}|it|[tT]hen|expect|scenario)\s*\(\s*"(?<sentence>[^"\n]{1,200})"[^\n{}]{0,80}\)\s*\{|^\s+(?:should|"[^"\n]+")\s*(?<kotest>\("[^"\n]+"\)|(?:in|should|-)?)\s*(?:in\s*)?\{/gm,
    asserts:
      /\bassert\w*\s*[({]|\bverify\w*\s*[({]|\bexpect\w*\s*[({.]|andExpect\b|\bshould\w*\b|\.is(?:EqualTo|True|False|NotNull|Null|Empty|NotEmpty)\b|\bStepVerifier\b|\bthen\w*\s*\(|\bfail\s*\(|expected\s*=|statusCode\s*\(/,
    end: /^(?:class |interface |object )/,
    skip: /@(?:Disabled|Ignore|Ignored)(?!\w)(?<args>\((?:[^()]|\([^()]*\))*\))?/,
    inner: null,
    group: /@(?:Disabled|Ignore)(?!\w)(?!\s*\()(?=\s*(?:@\w+(?:\([^)]*\))?\s*)*(?:public |internal |abstract )*class\b)/g,
    focus: null,
  },
  {
    languages: ['ruby'],
    start:
      /^[ \t]*(?<how>x?it|x?specify|x?scenario|fit|test|should|pending)\s*(?:\(\s*)?(?<quote>['"])(?<name>(?:(?!\k<quote>)[^\n]){1,200})\k<quote>.*?(?:\bdo\b|\{)|^[ \t]*it\s*(?:\{|do\b)|^[ \t]*def (?<method>test_\w+)/gm,
    asserts: /\bassert\w*\b|\brefute\w*\b|\bexpect\b|\bshould\b|\bmust_\w+|\bwont_\w+|\bis_expected\b|have_http_status|have_received/,
    end: /^(?:class |module |RSpec\.)/,
    skip: /^[ \t]*(?:xit|xspecify|xscenario|pending)\b|,\s*(?:skip|pending)(?::\s*true|\s*=>\s*true)|,\s*:(?:skip|pending)\b/,
    inner: /^(?<indent>[ \t]+)(?:skip|pending)(?<args>(?:[ \t(](?![ \t]*(?:=|\|\|=|<<))[^\n]*)?)$/m,
    group: /^[ \t]*(?:xdescribe|xcontext|xfeature)\b/gm,
    focus: /^[ \t]*(?:fit|fdescribe|fcontext)\s+['"]|,\s*(?:focus:\s*true|:focus\b)/gm,
  },
  {
    languages: ['php'],
    start:
      /^[ \t]*(?:(?:public|final|protected)\s+)*function (?<name>test\w*)\s*\(|(?:#\[Test\]|@test)\s*(?:#\[[^\]]*\]\s*)*(?:public |final )*function (?<attributed>\w+)\s*\(|(?<![\w>:$])(?<how>it|test)\s*\(\s*(?<quote>['"])(?<sentence>[^'"\n]{1,200})/gm,
    asserts: /\bassert\w*\s*\(|\bexpect\w*\s*\(|->(?:see|dontSee|should)\w*\s*\(|->assert\w*\(/,
    end: /^(?:class |final class |abstract class )/,
    skip: /^$/,
    inner:
      /^(?<indent>[ \t]+)(?:\$this->|self::|static::|Assert::)?markTest(?:Skipped|Incomplete)\s*\((?<args>[^)]*)\)|^[ \t]*\}\)(?<indent2>)->skip\((?<args2>[^)]*)\)/m,
    group: null,
    focus: /^[ \t]*\}\)->only\(\)/gm,
  },
  {
    languages: ['csharp'],
    start:
      /\[(?:Fact|Theory|Test|TestMethod|TestCase|DataTestMethod|AvaloniaFact|SkippableFact|SkippableTheory|BitAutoData|ConditionalFact)\b(?:[^\n[\]"]|"[^"\n]*"|\[(?:[^\n[\]"]|"[^"\n]*")*\])*\](?:\s*\[(?:[^\n[\]"]|"[^"\n]*"|\[(?:[^\n[\]"]|"[^"\n]*")*\])*\])*\s*(?:(?:public|private|internal|static|async|override|virtual)\s+)+[\w<>[\],. ?]+\s+(?<name>\w+)\s*[(<]/g,
    asserts:
      /\bAssert\.|\.Should\w*\s*\(|\.Verify\w*\s*\(|\bVerify\w*\s*\(|\bExpect\w*\s*\(|\.Received\w*\(|\.DidNotReceive\w*\(|\bThrows\w*</,
    end: /^(?:namespace |public class )/,
    skip: /\[(?:Ignore|Explicit)(?<args>\([^)]*\))?\]|\[(?:Fact|Theory)\s*\(\s*Skip\s*=\s*(?<args2>[^)]*)\)/,
    inner: null,
    group: null,
    focus: null,
  },
  {
    languages: ['rust'],
    start:
      /#\[(?:\w+::)?(?:test|rstest|test_case|case)\b(?:[^\n[\]"]|"[^"\n]*"|\[(?:[^\n[\]"]|"[^"\n]*")*\])*\]\s*(?:#\[(?:[^\n[\]"]|"[^"\n]*"|\[(?:[^\n[\]"]|"[^"\n]*")*\])*\]\s*)*(?:pub )?(?:async )?fn (?<name>\w+)/g,
    asserts: /\bassert\w*!|\bpanic!|\.unwrap\(\)|\.expect\(|should_panic|\?;|\bexpect!/,
    end: /^(?:mod |pub mod |impl )/,
    skip: /^$/,
    inner: null,
    group: null,
    focus: null,
  },
];

/** Libraries that drive a browser (or, for Streamlit, its stand-in), by how a test file names them. */
export const browserLibraries: readonly (readonly [name: string, pattern: RegExp])[] = [
  [
    'playwright',
    /@playwright\/test|playwright\.(?:sync|async)_api|\bfrom playwright\b|Microsoft\.Playwright|com\.microsoft\.playwright|require\(['"]playwright['"]\)|from ['"]playwright['"]|\bpage: Page\b/,
  ],
  ['cypress', /\bcy\.(?:visit|get|contains|request|intercept)\s*\(/],
  [
    'selenium',
    /\bselenium\b|org\.openqa\.selenium|OpenQA\.Selenium|LiveServerTestCase|\bwebdriver\.|\bsplinter\b|SelenideElement|com\.codeborne\.selenide|facebook\\?\/webdriver|Symfony\\Component\\Panther/,
  ],
  ['webdriverio', /@wdio\/|\bbrowser\.url\s*\(/],
  ['puppeteer', /\bpuppeteer\b/],
  ['testcafe', /from ['"]testcafe['"]/],
  ['nightwatch', /\bnightwatch\b|browser\.waitForElementVisible/],
  ['capybara', /\bvisit [\w'"(/]|type: :(?:system|feature)|ApplicationSystemTestCase|\bCapybara\b/],
  ['dusk', /extends DuskTestCase|\$this->browse\s*\(/],
  ['apptest', /\bAppTest\.from_(?:file|function|string)\b|streamlit\.testing/],
  ['phoenix', /\bWallaby\b/],
];

/** Something a person does on a page. */
export const acts =
  /\.(?:click|dblclick|fill|type|press|pressSequentially|check|uncheck|selectOption|select|tap|setValue|addValue|submit|send_keys|sendKeys|SendKeys|Click|ClickAsync|FillAsync|setInputFiles|dragTo|hover|clear|clickLink|pressKey|attach|keys|set_value|input|run)\s*\(|\b(?:click_(?:on|button|link)|fill_in|choose|select|check)\b|\bsubmit_form\b|userEvent\./;

/** What generators leave behind. */
export const scaffold =
  /learn react|(?:toBe|\.expect|toEqual)\(\s*['"`]Hello World!|https?:\/\/(?:www\.)?playwright\.dev|example\.cypress\.io|assertTrue\(\s*true\s*\)|\bthe_application_returns_a_successful_response\b|expect\(true\)\.(?:toBe\(true\)|toBeTruthy\(\))|assert_equal\(?\s*true,\s*true|assert True\s*$|self\.assertTrue\(True\)|assertEqual\(\s*1\s*\+\s*1,\s*2\s*\)/;
