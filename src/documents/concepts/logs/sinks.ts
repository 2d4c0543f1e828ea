import type { ConceptItem } from '../../../model/concepts.js';
import type { Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { closing } from '../syntax-text.js';

type Sink = ConceptItem<'log-sinks'>;

const item = (
  source: Source,
  offset: number,
  technology: string,
  kind: Sink['kind'],
  target = '',
  bounded: boolean | null = null,
): Item => ({
  path: source.path,
  line: source.at(offset).line,
  technology,
  kind,
  target: target.slice(0, 200),
  bounded,
  variant: source.file.variant,
});

/** What stands between the bracket that ends `match` and the one that closes it. */
function argumentsAfter(code: string, match: RegExpMatchArray & { index: number }): string {
  const open = match.index + match[0].length - 1;
  const end = closing(code, open);
  return code.slice(open + 1, end < 0 ? open + 400 : end);
}

const firstText = (text: string): string => /["'`]([^"'`\n]*)["'`]/.exec(text)?.[1] ?? text.split(',')[0]!.trim().slice(0, 80);

/** FileHandler and its rotating kin, `basicConfig(filename=)`, dictConfig classes, Loguru's `add`. */
const python: Reader = {
  name: 'log-sinks/python',
  kind: 'log-sinks',
  files: { roles: ['product', 'config'], languages: ['python'] },
  keywords: ['Handler', 'basicConfig', 'logger.add', 'PrintLogger', 'WriteLogger'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const match of code.matchAll(
      /(?<!class\s)\b(StreamHandler|FileHandler|WatchedFileHandler|RotatingFileHandler|ConcurrentRotatingFileHandler|TimedRotatingFileHandler|RichHandler)\s*\(/g,
    )) {
      if (/\bclass\s+\w+\s*\(\s*(?:logging\.)?(?:handlers\.)?$/.test(code.slice(Math.max(0, match.index - 80), match.index))) continue;
      items.push(handler(source, match.index, match[1]!, argumentsAfter(code, match)));
    }
    for (const match of code.matchAll(/["']class["']\s*:\s*["'][\w.]*?(\w*Handler)["']/g)) {
      const before = code.lastIndexOf('{', match.index);
      const end = before < 0 ? -1 : closing(code, before);
      items.push(handler(source, match.index, match[1]!, end < 0 ? '' : code.slice(before, end)));
    }
    for (const match of code.matchAll(/\bbasicConfig\s*\(/g)) {
      const given = argumentsAfter(code, match);
      const file = /\bfilename\s*=\s*([^,\n)]+)/.exec(given);
      if (file) items.push(item(source, match.index, 'logging', 'file', firstText(file[1]!), false));
      else if (!/\bhandlers\s*=/.test(given)) items.push(item(source, match.index, 'logging', 'console'));
    }
    if (/\bloguru\b/.test(code))
      for (const match of code.matchAll(/\blogger\.add\s*\(/g)) {
        const given = argumentsAfter(code, match);
        if (/^\s*(?:sink\s*=\s*)?(?:sys\.std|lambda|print|\w*[sS]ink\b|\w+Handler)/.test(given))
          items.push(item(source, match.index, 'loguru', 'console'));
        else items.push(item(source, match.index, 'loguru', 'file', firstText(given), /\brotation\s*=/.test(given)));
      }
    return { items };
  },
};

function handler(source: Source, offset: number, name: string, given: string): Item {
  if (!name.endsWith('FileHandler')) {
    const remote = !/Stream|Console|Rich|Null|AdminEmail|Memory|Buffer/.test(name);
    return item(source, offset, 'logging', remote ? 'remote' : 'console');
  }
  const target = /filename["']?\s*[:=]\s*([^,\n]+)/.exec(given)?.[1] ?? given;
  // Watched files are rotated by a logrotate outside; that it is there cannot be told here.
  if (name === 'WatchedFileHandler') return item(source, offset, 'logging', 'file', firstText(target), null);
  if (name === 'TimedRotatingFileHandler') return item(source, offset, 'logging', 'file', firstText(target), true);
  if (!/Rotating/.test(name)) return item(source, offset, 'logging', 'file', firstText(target), false);
  const sized = /\bmaxBytes["']?\s*[:=]\s*(?!0\b)/.test(given) || given.split(',').length > 2;
  return item(source, offset, 'logging', 'file', firstText(target), sized && !/\bbackupCount["']?\s*[:=]\s*0\b/.test(given));
}

/** Winston transports, pino destinations, morgan and other streams into files. */
const node: Reader = {
  name: 'log-sinks/node',
  kind: 'log-sinks',
  files: { roles: ['product', 'config'], languages: ['javascript', 'typescript'] },
  keywords: ['transports', 'DailyRotateFile', 'pino', 'morgan', 'createWriteStream', 'rotating-file-stream', 'ConsoleLogger'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const match of code.matchAll(/\bnew\s+(?:\(?\s*winston\.)?(?:transports\.)?(Console|File|DailyRotateFile|Http)\s*\(/g)) {
      if (!/winston|transports|DailyRotateFile/.test(match[0]) && !/winston/.test(code)) continue;
      const given = argumentsAfter(code, match);
      if (match[1] === 'Console') items.push(item(source, match.index, 'winston', 'console'));
      else if (match[1] === 'Http') items.push(item(source, match.index, 'winston', 'remote'));
      else {
        const target = /\bfilename\s*:\s*([^,\n]+)/.exec(given)?.[1] ?? '';
        items.push(
          item(
            source,
            match.index,
            'winston',
            'file',
            firstText(target),
            match[1] === 'DailyRotateFile' || /\bmaxsize\s*:\s*[^,\s]/.test(given),
          ),
        );
      }
    }
    for (const match of code.matchAll(/\bpino\.destination\s*\(/g)) {
      const given = argumentsAfter(code, match);
      if (/^\s*(?:1|2|\{?\s*fd)?\s*\)?$/.test(given) || /^\s*\d/.test(given)) items.push(item(source, match.index, 'pino', 'console'));
      else items.push(item(source, match.index, 'pino', 'file', firstText(given), false));
    }
    for (const match of code.matchAll(/target\s*:\s*["'](pino-roll|pino\/file|pino-pretty)["']/g)) {
      const rolled = match[1] === 'pino-roll';
      const destination = /destination\s*:\s*["'`]([^"'`]+)/.exec(code.slice(match.index, match.index + 300))?.[1];
      if (rolled || destination) items.push(item(source, match.index, 'pino', 'file', destination ?? '', rolled));
      else items.push(item(source, match.index, 'pino', 'console'));
    }
    for (const match of code.matchAll(/\bcreateWriteStream\s*\(/g)) {
      const given = argumentsAfter(code, match);
      const end = code.slice(match.index, match.index + 400);
      if (/\.log["'`]|access_?log|logs?\//i.test(given) && /morgan|logger|log\b/i.test(code))
        items.push(
          item(
            source,
            match.index,
            'stream',
            'file',
            firstText(given),
            /rotating|rfs\b/.test(end) || /rfs\.createStream|rotating-file-stream/.test(code),
          ),
        );
    }
    for (const match of code.matchAll(/\bmorgan\s*\(/g))
      if (!/\bstream\s*:/.test(argumentsAfter(code, match))) items.push(item(source, match.index, 'morgan', 'console'));
    for (const match of code.matchAll(/\bpino\s*\(\s*(?:\{[^}]{0,200}\}\s*)?\)|\bpinoHttp\s*\(/g))
      items.push(item(source, match.index, 'pino', 'console'));
    return { items };
  },
};

/** Go: `log.New(F, ...)` or `log.SetOutput(F)` where F was opened in the same file, by whatever helper. */
function openedLogs(source: Source): Item[] {
  const { code } = source;
  const opened = new Set(
    [
      ...code.matchAll(
        /\b(\w+)\s*(?:,\s*\w+\s*)?:?=\s*(?:\w+\.)?\w*(?:Open|Create)\w*\s*\((?![^\n]*\.log"|[^\n]*[lL]og_?(?:[fF]ile|[pP]ath))/g,
      ),
    ].map((m) => m[1]!),
  );
  const outputs = code.matchAll(/\b(?:log\.New|\w*\.?SetOutput|NewJSONHandler|NewTextHandler|zerolog\.New|AddSync)\s*\(\s*(\w+)\s*[,)]/g);
  return [...outputs].filter((m) => opened.has(m[1]!)).map((m) => item(source, m.index, 'go', 'file', '', false));
}

/** lumberjack, log files opened by hand, tracing_appender, Serilog, Ruby's Logger, Monolog. */
const others: Reader = {
  name: 'log-sinks/others',
  kind: 'log-sinks',
  files: { roles: ['product', 'config'], languages: ['go', 'rust', 'csharp', 'ruby', 'php'] },
  keywords: [
    'lumberjack',
    'OpenFile',
    'rotatelogs',
    'log.New',
    'SetOutput',
    'tracing_appender',
    'rolling::',
    'WriteTo',
    'Logger.new',
    'ActiveSupport::Logger',
    'StreamHandler',
    'RotatingFileHandler',
    'os.Stdout',
    'os.Stderr',
    'AddConsole',
    'AddJsonConsole',
    'AddSimpleConsole',
    'std::io::stdout',
    'ErrorLogHandler',
  ],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const add = (pattern: RegExp, technology: string, kind: Sink['kind'], bounded: (given: string) => boolean | null = () => null) => {
      for (const match of code.matchAll(pattern)) {
        const given = match[0].endsWith('(') || match[0].endsWith('{') ? argumentsAfter(code, match) : '';
        items.push(
          item(source, match.index, technology, kind, kind === 'file' ? firstText(given) : '', kind === 'file' ? bounded(given) : null),
        );
      }
    };
    switch (source.file.language) {
      case 'go':
        add(/\blumberjack\.Logger\s*\{/g, 'lumberjack', 'file', () => true);
        add(/\brotatelogs\.New\s*\(/g, 'rotatelogs', 'file', () => true);
        items.push(...openedLogs(source));
        if (/\b(?:SetOutput|zerolog\.New|slog\.New|NewJSONHandler|NewTextHandler|AddSync|log\.New)\s*\(/.test(code)) {
          for (const match of code.matchAll(/\bos\.OpenFile\s*\(([^\n]*)/g))
            if (/\.log"|[lL]og_?[fF]ile|[lL]og_?[pP]ath/.test(match[1]!))
              items.push(item(source, match.index, 'os.OpenFile', 'file', firstText(match[1]!), false));
          add(/\bos\.Std(?:out|err)\b/g, 'go', 'console');
        }
        break;
      case 'rust':
        add(/\brolling::(?:daily|hourly|minutely|RollingFileAppender::new)\s*\(/g, 'tracing-appender', 'file', () => true);
        add(/\brolling::never\s*\(/g, 'tracing-appender', 'file', () => false);
        add(/\bstd::io::std(?:out|err)\b/g, 'rust', 'console');
        break;
      case 'csharp':
        add(/\bWriteTo\.(?:Async\s*\(\s*\w+\s*=>\s*\w+\.)?File\s*\(/g, 'serilog', 'file', (given) =>
          /\brollingInterval\s*:\s*(?!RollingInterval\.Infinite)|\brollOnFileSizeLimit\s*:\s*true/.test(given),
        );
        add(/\bWriteTo\.Console\s*\(|\bAdd(?:Json|Simple|Systemd)?Console\s*\(/g, 'dotnet', 'console');
        break;
      case 'ruby':
        for (const match of code.matchAll(/(?<![\w:])(?:::)?(?:ActiveSupport::)?Logger\.new\s*\(/g)) {
          const given = argumentsAfter(code, match);
          if (/^\s*(?:STDOUT|STDERR|\$stdout|\$stderr|IO)/i.test(given)) items.push(item(source, match.index, 'logger', 'console'));
          else if (!/^\s*(?:nil|IO::NULL|File::NULL|["']\/dev\/null)/.test(given) && /\.log|[lL]og/.test(given))
            items.push(
              item(source, match.index, 'logger', 'file', firstText(given), /,\s*(?:\d|["'](?:daily|weekly|monthly)|shift_)/.test(given)),
            );
        }
        break;
      case 'php':
        // The channels of Laravel's own template are its default sinks.
        if (/(?:^|\/)config\/logging\.php$/.test(source.path)) break;
        add(/\bnew\s+(?:\w+\\)*RotatingFileHandler\s*\(/g, 'monolog', 'file', () => true);
        for (const match of code.matchAll(/\bnew\s+(?:\w+\\)*StreamHandler\s*\(/g)) {
          const given = argumentsAfter(code, match);
          if (/php:\/\/(?:std|output)/.test(given)) items.push(item(source, match.index, 'monolog', 'console'));
          else if (/\.log/.test(given)) items.push(item(source, match.index, 'monolog', 'file', firstText(given), false));
        }
        break;
    }
    return { items };
  },
};

/** Logback, Log4j2, NLog and the Serilog section of appsettings.json. */
const configured: Reader = {
  name: 'log-sinks/configuration',
  kind: 'log-sinks',
  files: {
    paths: ['logback*.xml', 'log4j2*.xml', 'log4j*.properties', 'nlog*.config', 'NLog*.config', 'appsettings*.json'],
    roles: ['config', 'product', 'other'],
  },
  keywords: ['appender', 'Appender', 'target', 'Serilog', '<File', 'RollingFile', '<Console'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const match of code.matchAll(/class="[\w.]*?(\w*Appender)"/g)) {
      const block = code.slice(
        match.index,
        code.indexOf('</appender', match.index) < 0 ? undefined : code.indexOf('</appender', match.index),
      );
      const file = /<file>([^<]*)/.exec(block)?.[1] ?? '';
      if (match[1] === 'ConsoleAppender') items.push(item(source, match.index, 'logback', 'console'));
      else if (match[1] === 'RollingFileAppender') items.push(item(source, match.index, 'logback', 'file', file, true));
      else if (match[1] === 'FileAppender') items.push(item(source, match.index, 'logback', 'file', file, false));
    }
    for (const match of code.matchAll(/<(Console|RollingFile|RollingRandomAccessFile|File|RandomAccessFile)\s[^>]*name=/g))
      items.push(
        match[1] === 'Console'
          ? item(source, match.index, 'log4j2', 'console')
          : item(
              source,
              match.index,
              'log4j2',
              'file',
              /fileName="([^"]*)/.exec(code.slice(match.index, match.index + 400))?.[1] ?? '',
              match[1]!.startsWith('Rolling'),
            ),
      );
    for (const match of code.matchAll(
      /org\/springframework\/boot\/logging\/logback\/(base|console-appender|structured-console-appender)\.xml/g,
    ))
      items.push(item(source, match.index, 'logback', 'console'));
    for (const match of code.matchAll(/<target\b[^>]*xsi:type="(File|Console|ColoredConsole)"[^>]*/g))
      items.push(
        match[1] === 'File'
          ? item(
              source,
              match.index,
              'nlog',
              'file',
              /fileName="([^"]*)/.exec(match[0])?.[1] ?? '',
              /archive(?:Every|AboveSize)|maxArchiveFiles|\$\{(?:short)?date/.test(match[0]),
            )
          : item(source, match.index, 'nlog', 'console'),
      );
    if (/"Serilog"\s*:/.test(code))
      for (const match of code.matchAll(/"Name"\s*:\s*"(File|Console)"/g)) {
        const given = code.slice(match.index, match.index + 500);
        items.push(
          match[1] === 'Console'
            ? item(source, match.index, 'serilog', 'console')
            : item(
                source,
                match.index,
                'serilog',
                'file',
                /"path"\s*:\s*"([^"]*)/.exec(given)?.[1] ?? '',
                /"rollingInterval"\s*:\s*"(?!Infinite)|"rollOnFileSizeLimit"\s*:\s*true/.test(given),
              ),
        );
      }
    return { items };
  },
};

export const sinkReaders: readonly Reader[] = [python, node, others, configured];
