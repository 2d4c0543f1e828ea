import type { Reader } from '../../../model/document.js';
import type { Language } from '../../../model/file.js';
import type { Source } from '../../../model/source.js';
import { excerptOf } from '../../../safe/redact.js';
import { inBrowser } from '../http-clients/shared.js';

/** What counts as a call of a logging framework, and what as a bare output statement, by language. */
const forms: Partial<Record<Language, { logged: RegExp; bare: RegExp }>> = {
  python: {
    logged:
      /\b(?:\w*(?:logger|logging|LOGGER|LOG)|log|_log|structlog\.\w+\(\))\.(?:debug|info|warning|warn|error|exception|critical|fatal|success|trace|log)\s*\(/g,
    bare: /(?:^|[\s;:])(?:print|pprint|pp)\s*\(/gm,
  },
  javascript: {
    logged:
      /\b(?:\w*[lL]ogger|log|fastify\.log|request\.log|req\.log|winston|\w+Log)\.(?:trace|debug|verbose|http|info|notice|warn|error|fatal|log|silly|child)\s*\(/g,
    bare: /\bconsole\.(?:log|info|warn|error|debug|trace|dir|table)\s*\(/g,
  },
  go: {
    logged:
      /\b(?:log|slog|logger|Logger|logrus|zap\.\w\(\)|sugar|glog|klog|zlog|\w+\.(?:log|logger|Logger|Log)|l|lg)\.(?:Debug|Info|Warn|Warning|Error|Fatal|Panic|Print|Trace|Log|With\w*)\w*\s*\(/g,
    bare: /\bfmt\.Print(?:ln|f)?\s*\(|(?:^|[\s;])println\s*\(|\bfmt\.Fprint(?:ln|f)?\s*\(\s*os\.Std(?:out|err)\b/gm,
  },
  java: {
    logged: /\b(?:log|logger|LOG|LOGGER|\w+Logger|Log)\.(?:trace|debug|info|warn|error|fatal|fine|severe|warning|log|at\w+)\w*\s*\(/g,
    bare: /\bSystem\.(?:out|err)\.print(?:ln|f)?\s*\(|\.printStackTrace\s*\(\s*\)/g,
  },
  ruby: {
    logged: /\b(?:[lL]ogger|Rails\.logger|log|LOGGER)\.(?:debug|info|warn|error|fatal|unknown|tagged)\b/g,
    bare: /^\s*(?:puts|pp|p|print|STDOUT\.puts|\$stdout\.puts|STDERR\.puts|\$stderr\.puts)(?:[ \t]+(?!=)|[ \t]*\()(?=["':\w#@[])/gm,
  },
  php: {
    logged:
      /\b(?:Log::(?:debug|info|notice|warning|error|critical|alert|emergency|log|channel)|(?:\$\w*log\w*|->\w*[lL]ogger|->log)->(?:debug|info|notice|warning|error|critical|alert|emergency|log)|logger\(\)->\w+|error_log)\s*\(/g,
    bare: /\b(?:var_dump|print_r|dd|dump|var_export)\s*\((?![^)\n]*,\s*true\s*\))/g,
  },
  csharp: {
    logged:
      /\b\w*(?:[lL]ogger|[lL]og|Log)\w*\.(?:Log(?:Trace|Debug|Information|Warning|Error|Critical)?|Verbose|Debug|Information|Info|Warning|Warn|Error|Fatal|Trace)\s*(?:<[^>]*>)?\(/g,
    bare: /\bConsole\.(?:Error\.|Out\.)?Write(?:Line)?\s*\(/g,
  },
  rust: {
    logged: /\b(?:tracing::|log::)?(?:trace|debug|info|warn|error|event)!\s*[([{]/g,
    bare: /\b(?:println|eprintln|print|eprint|dbg)!\s*\(/g,
  },
};
forms.typescript = forms.javascript!;
forms.tsx = forms.javascript!;
forms.kotlin = {
  logged: forms.java!.logged,
  bare: /\bSystem\.(?:out|err)\.print(?:ln|f)?\s*\(|(?:^|\s)println\s*\(|\.printStackTrace\s*\(\s*\)/gm,
};

/** Programs that talk to the person who started them, by path or by the library that reads their arguments. */
const commandPath =
  /(?:^|\/)(?:buildSrc|build-logic|cli|cmd|commands?|console|ClientApp|mobile|desktop|management|scripts?|tasks?|bin|tools?|seeds?|seeders?|migrations?|database|fixtures|benchmarks?|Console)\/|(?:^|\/)(?:cli|manage|setup|seeds?|migrate|conftest|gulpfile|build|noxfile|fabfile|tasks)\.\w+$|\.config\.\w+$|(?:^|\/)config\/(?:puma\w*|unicorn|boot|deploy)\.rb$|\.(?:rake|gemspec)$|(?:^|\/)\w*(?:_tests?|_perf|_bench(?:marks?)?)\/|(?:^|\/)tests?\.rs$/;
const commandCode =
  /^\s*(?:import|from)\s+(?:argparse|click|typer|fire|docopt|getpass)\b|["'](?:commander|yargs|inquirer|@oclif\/core|meow|chalk|ora|prompts)["']|github\.com\/(?:spf13\/cobra|urfave\/cli|alecthomas\/kong)|\bpicocli\b|\bOptionParser\b|<\s*Thor\b|use clap\b|clap::|extends Command\b|System\.CommandLine|BaseCommand\b/m;

/** Packages that come with Go: what programs without dependencies import. */
const standard =
  /^(?:archive|bufio|bytes|cmp|compress|container|context|crypto|embed|encoding|errors|flag|fmt|go|hash|html|image|io|iter|log|maps|math|mime|net|os|path|reflect|regexp|runtime|slices|sort|strconv|strings|sync|syscall|text|time|unicode|unsafe)(?:\/|$)/;

/** A Go program of its own that uses nothing of the repository and listens nowhere: it makes certificates, say. */
function ownCommand({ code, file }: Source): boolean {
  if (file.language !== 'go' || !/^package main\b/m.test(code) || !/^func main\(\)/m.test(code)) return false;
  const imports = [...code.matchAll(/^(?:import\s+)?\s*(?:[\w.]+\s+)?"([\w./-]+)"$/gm)].map((m) => m[1]!);
  return imports.length > 0 && imports.every((path) => standard.test(path) && !/^net(?:\/http)?$/.test(path));
}

/** A script that says itself what `uv run` or `pipx run` must install for it (PEP 723): nobody imports it. */
const scriptHeader = /^# \/\/\/ script[ \t]*$/m;

/** A class of the JVM with a `main` that starts no server: a program of its own, or something that was tried out. */
const jvmMain = /\bpublic static void main\s*\(|^fun main\s*\(/m;
const startsServer =
  /\bSpringApplication\w*\b|\brunApplication\b|\bQuarkus\.run\b|\bMicronaut\.\w|\bembeddedServer\b|\bEngineMain\b|\bJavalin\b|\bVertx\b|\b\w*Server(?:Builder)?\b/;
const ownProgram = (source: Source): boolean =>
  /^(?:java|kotlin)$/.test(source.file.language ?? '') && jvmMain.test(source.code) && !startsServer.test(source.code);

/** Views written in Ruby (Phlex): `p` is a paragraph there. */
const components = /(?:^|\/)app\/(?:views|components)\/.*\.rb$/;
const paragraphs = /^\s*(?:puts|pp|print|STDOUT\.puts|\$stdout\.puts)(?:[ \t]+(?!=)|[ \t]*\()(?=["':\w#@[])/gm;

/** How each source file speaks. */
export const statements: Reader = {
  name: 'log-statements/code',
  kind: 'log-statements',
  files: { roles: ['product'], languages: Object.keys(forms) as Language[] },
  keywords: [
    'log',
    'print',
    'console.',
    'puts',
    'pp ',
    'dump',
    'Console',
    'dd(',
    'warn',
    'info!',
    'error!',
    'debug!',
    'trace!',
    'dbg!',
    '\np ',
  ],
  read(source) {
    const form = source.file.language && forms[source.file.language];
    if (!form) return {};
    const logged = count(source, form.logged);
    const bare = count(source, components.test(source.path) ? paragraphs : form.bare);
    if (logged.number + bare.number === 0) return {};
    const offset = bare.number > 0 ? bare.first : logged.first;
    return {
      items: [
        {
          path: source.path,
          line: source.at(offset).line,
          language: source.file.language!,
          logged: logged.number,
          bare: bare.number,
          first: bare.number > 0 ? excerptOf(source.lines[source.at(offset).line - 1]?.trim() ?? '').slice(0, 120) : '',
          exempt:
            commandPath.test(source.path) ||
            commandCode.test(source.code) ||
            scriptHeader.test(source.text) ||
            ownProgram(source) ||
            inBrowser(source) ||
            ownCommand(source),
          variant: source.file.variant,
        },
      ],
    };
  },
};

const mostStatements = 2_000;

function count(source: Source, pattern: RegExp): { number: number; first: number } {
  let number = 0;
  let first = 0;
  // Unit tests of Rust stand at the end of the file they test.
  const tests = source.file.language === 'rust' ? source.code.search(/#\[cfg\(test\)\]\s*(?:pub )?mod\b/) : -1;
  const code = tests < 0 ? source.code : source.code.slice(0, tests);
  for (const match of code.matchAll(pattern)) {
    if (number++ === 0) first = match.index + (match[0].length - match[0].trimStart().length);
    if (number >= mostStatements) break;
  }
  return { number, first };
}
