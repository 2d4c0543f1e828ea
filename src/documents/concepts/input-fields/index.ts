import type { Collected, Combiner, Item, Reader } from '../../../model/document.js';
import type { Language } from '../../../model/file.js';
import { closing, findCalls } from '../syntax-text.js';
import { csharp, takenAsBody } from './csharp.js';
import { mongoose } from './mongoose.js';
import { rust } from './rust.js';
import { field, notInput, typed } from './shared.js';

const loginName = /^(?:login|logout|signIn|sign_in|refresh|token|verifyEmail|verify|auth|logIn)/i;
const product = (...languages: Language[]) => ({ languages, roles: ['product'] as const });

/** Python: Pydantic and SQLModel request models, DRF serializers, Django forms and models behind them, WTForms, marshmallow. */
const python: Reader = {
  name: 'input-fields/python',
  kind: 'input-fields',
  files: product('python'),
  keywords: [
    'BaseModel',
    'SQLModel',
    'serializers.',
    'forms.',
    'StringField',
    'TextAreaField',
    'fields.Str',
    'models.CharField',
    'models.TextField',
    'text_input',
    'text_area',
    'chat_input',
  ],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const match of code.matchAll(/^class (\w+)\(([^)\n]{1,200})\):\n((?:[ \t][^\n]*\n|\n)*(?:[ \t][^\n]*)?)/gm)) {
      const [, name, bases, body] = match as unknown as [string, string, string, string];
      const start = match.index + match[0].length - body.length;
      const add = (technology: string, pattern: RegExp, read: (m: RegExpMatchArray) => [string, boolean] | null) => {
        for (const m of body.matchAll(pattern)) {
          const found = read(m);
          if (found && !typed.test(found[0]))
            items.push(field(source, start + m.index! + m[0].search(/\S/), technology, name, found[0], found[1]));
        }
      };
      const whole = (m: RegExpMatchArray) => {
        // The call's arguments may go over several lines.
        const open = body.indexOf('(', m.index! + m[0].length - 1);
        const end = open < 0 ? -1 : closing(body, open);
        return open >= 0 && open <= m.index! + m[0].length && end > 0 ? body.slice(open, end) : m[0];
      };
      const isModel =
        /\b(?:BaseModel|SQLModel)\b/.test(bases) ||
        (/^[A-Z]\w*(?:Base|Create|Update|In|Input|Request)$/.test(bases.split(',')[0]!.trim()) && !/\btable\s*=\s*True/.test(bases));
      if (
        isModel &&
        !/table\s*=\s*True|BaseSettings/.test(bases) &&
        !notInput.test(name.replace(/Base$/, '')) &&
        !/\b(?:Response|Out|Public)\b/.test(bases)
      )
        add(
          'pydantic',
          /^[ \t]+(\w+)\s*:\s*((?:Optional\[\s*)?(?:str|constr\([^\n]*?\)|Annotated\[\s*str\b[^\n]*)\]?(?:\s*\|\s*None)?)\s*(=\s*(?:\w*Field\()?[^\n]*)?$/gm,
          (m) => {
            const rest = `${m[2]} ${m[3] ?? ''}${(m[3] ?? '').trim().endsWith('Field(') ? whole(m) : ''}`;
            const text = rest.includes('Field(')
              ? body.slice(m.index!, closing(body, body.indexOf('Field(', m.index) + 5) + 1 || m.index! + m[0].length)
              : rest;
            if (/^_|^model_config$|hashed/.test(m[1]!)) return null;
            return [m[1]!, /max_length|pattern|regex|constr|Literal/.test(text)];
          },
        );
      if (/\bserializers\.\w*Serializer\b|Serializer\b/.test(bases) && !/Response|Read/.test(name) && !loginName.test(name))
        add('drf', /^[ \t]+(\w+)\s*=\s*serializers\.(?:CharField|ListField)\(/gm, (m) => {
          const text = whole(m);
          return /read_only\s*=\s*True/.test(text) ? null : [m[1]!, /max_length|choices/.test(text)];
        });
      if (/\bforms\.\w*Form\b|\bForm\b/.test(bases))
        add('django-forms', /^[ \t]+(\w+)\s*=\s*forms\.CharField\(/gm, (m) => [m[1]!, /max_length/.test(whole(m))]);
      if (/\b(?:FlaskForm|Form|\w*Form)\b/.test(bases) && !/^(?:Login|SignIn)/.test(name))
        add('wtforms', /^[ \t]+(\w+)\s*=\s*(?:StringField|TextAreaField|PasswordField|PageDownField)\(/gm, (m) => [
          m[1]!,
          /Length\([^)]*(?:max\s*=|\d+\s*,\s*\d+)|Email\(|URL\(|Regexp\(|AnyOf\(/.test(whole(m)) || /email|url/i.test(m[1]!),
        ]);
      if (/\bSchema\b/.test(bases))
        add('marshmallow', /^[ \t]+(\w+)\s*=\s*(?:fields|ma)\.(?:Str|String)\(/gm, (m) =>
          /dump_only\s*=\s*True/.test(whole(m)) ? null : [m[1]!, /Length\([^)]*max|OneOf|Regexp/.test(whole(m))],
        );
      if (/\bmodels\.Model\b|AbstractBaseUser|TimestampedModel|BaseModel$/.test(bases) && /models\.(?:Char|Text)Field/.test(body))
        add('django-model', /^[ \t]+(\w+)\s*=\s*models\.(CharField|TextField)\(/gm, (m) => {
          const text = whole(m);
          if (/editable\s*=\s*False|choices/.test(text) || /password|hash|path/.test(m[1]!)) return null;
          return [m[1]!, /max_length/.test(text) || /Validator/.test(text)];
        });
    }
    for (const call of findCalls(
      code,
      /\b(?:st|sidebar|col\w*|form|container|tab\w*)\.(?:sidebar\.)?(?:text_input|text_area|chat_input)(?=\s*\()/g,
    ))
      if (/streamlit/.test(code) && !/type\s*=\s*["']password/.test(call.inner))
        items.push(field(source, call.offset, 'streamlit', '', call.arguments[0]?.text.slice(0, 40) ?? '', /max_chars/.test(call.inner)));
    return { items };
  },
};

const boundedJs =
  /\.(?:max|length|email|uuid|guid|url|uri|ip|datetime|date|regex|pattern|valid|enum|oneOf|cuid2?|nanoid|ulid|hex|isoDate|matches|hostname|domain|creditCard|base64|jwt|emoji|startsWith|literal|alphanum\(\)\.length|objectId|refine|check)\(/;

/** Node.js: Joi, Zod, Yup, TypeBox, class-validator. */
const javascript: Reader = {
  name: 'input-fields/javascript',
  kind: 'input-fields',
  files: product('javascript', 'typescript', 'tsx'),
  keywords: ['.string(', 'IsString', 'IsNotEmpty', 'Type.String'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    if (
      /["'](?:joi|@hapi\/joi|celebrate|zod|zod\/\w+|yup|valibot|@sinclair\/typebox)["']/.test(code) &&
      !/env|config\.[jt]s$/i.test(source.path.split('/').pop()!) &&
      !source.file.path.match(/(?:^|\/)(?:components?|frontend|client|web|pages|hooks)\//)
    ) {
      for (const m of code.matchAll(/(?:^|[{,\s])["']?(\w+)["']?\s*:\s*(?:Joi|joi|z|yup|Yup|t|Type)\s*\.\s*(?:string|String)\(/g)) {
        const chain = chainAt(code, m.index + m[0].length - 1);
        const model = enclosingName(code, m.index);
        if (
          /(?:^|\/)(?:login|logout|signin|refresh|verify)\b/i.test(source.path) ||
          loginName.test(model) ||
          notInput.test(model) ||
          typed.test(m[1]!) ||
          /response/i.test(model)
        )
          continue;
        items.push(
          field(
            source,
            m.index + m[0].search(/\w/),
            'schema',
            model,
            m[1]!,
            boundedJs.test(chain) || /maxLength/.test(chain) || (/email|url/i.test(m[1]!) && /\.(?:email|url|uri)\(/.test(chain)),
          ),
        );
      }
    }
    if (/class-validator/.test(code))
      for (const m of code.matchAll(
        /((?:@\w+\((?:[^()]|\([^()]*\))*\)\s*)+)(?:readonly\s+|public\s+)*(\w+)[?!]?\s*:\s*string(?:\s*\|\s*null)?\s*[;=\n]/g,
      )) {
        const model = enclosingName(code, m.index);
        if (
          !/@Is(?:String|NotEmpty|Optional|Email)|@(?:Max)?Length|@Matches/.test(m[1]!) ||
          /Response|Login|Env|Config/.test(model) ||
          typed.test(m[2]!)
        )
          continue;
        items.push(
          field(
            source,
            m.index + m[0].lastIndexOf(m[2]!),
            'class-validator',
            model,
            m[2]!,
            /@(?:MaxLength|Length|IsEmail|IsUUID|IsUrl|IsEnum|IsIn|Matches|IsDateString|IsISO\w+|IsMongoId|IsPhoneNumber|IsNumberString|IsJWT|IsLocale|IsTimeZone)\(/.test(
              m[1]!,
            ),
          ),
        );
      }
    return { items };
  },
};

/** The rest of a method chain from its first opening bracket on. */
function chainAt(code: string, open: number): string {
  let i = open;
  for (let n = 0; n < 20; n++) {
    const end = closing(code, i);
    if (end < 0) break;
    const next = /^\s*\.\s*\w+\s*\(/.exec(code.slice(end + 1, end + 80));
    if (!next) return code.slice(open, end + 1);
    i = end + next[0].length;
  }
  return code.slice(open, i + 1);
}

/** The nearest `const name =`, `class Name` or function above the offset. */
function enclosingName(code: string, offset: number): string {
  const before = code.slice(Math.max(0, offset - 3000), offset);
  return [...before.matchAll(/^(?:export\s+)?(?:default\s+)?(?:const|let|class|function|interface)\s+(\w+)/gm)].at(-1)?.[1] ?? '';
}

/** Java and Kotlin: records and classes named like requests, forms and DTOs. */
const jvm: Reader = {
  name: 'input-fields/jvm',
  kind: 'input-fields',
  files: product('java', 'kotlin'),
  keywords: ['Request', 'Dto', 'DTO', 'Form', 'Command', 'Input'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const m of code.matchAll(/\b(?:data\s+)?(?:class|record)\s+(\w*(?:Request|Dto|DTO|Form|Command|Input|Param|Params))\b(?!Test)/g)) {
      const name = m[1]!;
      if (/Response|Login|Http|Servlet|Filter|Logging|Mapper|Controller/.test(name)) continue;
      const open = code.slice(m.index).search(/[({]/);
      if (open < 0) continue;
      const from = m.index + open;
      const end = closing(code, from);
      const body = code.slice(from, end < 0 ? from + 4000 : end);
      for (const f of body.matchAll(
        /((?:@[\w:.]+(?:\((?:[^()]|\([^()]*\))*\))?\s*)*)(?:(?:private|public|protected|final|val|var)\s+)*(?:String\s+(\w+)\s*(?=[;,)=]|$)|(\w+)\s*:\s*String\??)/g,
      )) {
        const own = f[2] ?? f[3];
        if (!own || typed.test(own)) continue;
        items.push(
          field(
            source,
            from + f.index + f[0].search(/\S/),
            'bean-validation',
            name,
            own,
            /@(?:field:)?(?:Size\([^)]*max|Length\([^)]*max|Email|Pattern|Digits|URL|UUID)/.test(f[1]!),
          ),
        );
      }
    }
    return { items };
  },
};

/** Go: string fields of structs with binding, validate or form tags, or named like requests. */
const go: Reader = {
  name: 'input-fields/go',
  kind: 'input-fields',
  files: product('go'),
  keywords: ['binding:', 'validate:', 'form:"', 'Request struct', 'Form struct', 'Input struct'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const m of code.matchAll(/\btype\s+(\w+)\s+struct\s*\{/g)) {
      const from = m.index + m[0].length - 1;
      const end = closing(code, from);
      const body = code.slice(from, end < 0 ? from + 4000 : end);
      const wanted = /(?:Request|Req|Input|Form|Params|Dto|DTO|Validator)$/.test(m[1]!) || /\b(?:binding|validate|form):"/.test(body);
      if (!wanted || /Login|SignIn|Config|Response|Token|PullRequest|MergeRequest/.test(m[1]!) || /\b(?:env|mapstructure):"/.test(body))
        continue;
      for (const f of body.matchAll(/^[ \t]*(\w+)[ \t]+\*?string[ \t]*(`[^`\n]*`)?/gm)) {
        if (typed.test(f[1]!) || !/(?:json|form|query|param|binding|validate):"/.test(f[2] ?? '') || /json:"-"/.test(f[2] ?? '')) continue;
        items.push(
          field(
            source,
            from + f.index + f[0].search(/\S/),
            'go',
            m[1]!,
            f[1]!,
            /\bmax=|\blen=|\boneof=|\bemail|\burl|\buuid|MaxSize\(|\be164|\bdatetime|\bip\b|\blte=/.test(f[2] ?? ''),
          ),
        );
      }
    }
    return { items };
  },
};

/** PHP: Laravel's validation rules. */
const php: Reader = {
  name: 'input-fields/php',
  kind: 'input-fields',
  files: product('php'),
  keywords: ['|string', "'string'", '"string"', 'string|'],
  read(source) {
    const items: Item[] = [];
    for (const m of source.code.matchAll(
      /["']([\w.*]+)["']\s*=>\s*(?:["']([^"'\n]*\bstring\b[^"'\n]*)["']|\[([^\]]*["']string["'][^\]]*)\])/g,
    )) {
      const rules = m[2] ?? m[3]!;
      if (
        !/required|nullable|sometimes|\||["'],/.test(rules) ||
        typed.test(m[1]!) ||
        /(?:^|\/)(?:config|lang|database)\//.test(source.path)
      )
        continue;
      if (/Login/.test(source.path)) continue;
      items.push(
        field(
          source,
          m.index,
          'laravel',
          source.path
            .split('/')
            .pop()!
            .replace(/\.php$/, ''),
          m[1]!,
          /\bmax:|\bsize:|\bbetween:|\bin:|\bemail|\burl|\buuid|\bexists:|\bregex:|\bdate|Rule::in|\bcurrent_password|\bip\b|\btimezone|\bcolor/.test(
            rules,
          ),
        ),
      );
    }
    return { items };
  },
};

/** Ruby: permitted parameters; the combiner looks for their length validations. */
const ruby: Reader = {
  name: 'input-fields/ruby',
  kind: 'input-fields',
  files: product('ruby'),
  keywords: ['.permit', '.expect(', 'validates'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const call of findCalls(code, /\.permit(?=\s*\()/g))
      for (const m of call.inner.matchAll(/:(\w+)|\b(\w+):\s*\[\s*\]/g)) {
        const name = m[1] ?? m[2]!;
        if (
          typed.test(name) ||
          /_at$|_on$|count|amount|price|quantity|remember|page|limit|offset|enabled|active|password_confirmation|current_password|position|image$|avatar$|file$|^email$|number$/.test(
            name,
          )
        )
          continue;
        items.push(field(source, call.offset, 'rails', 'permit', name, false));
      }
    for (const m of code.matchAll(/^\s*validates(?:_length_of)?\s*\(?\s*((?::\w+,\s*)+)([^\n]*(?:\n\s{6,}[^\n]*){0,4})/gm))
      if (/length:\s*\{[^}]*(?:maximum|in:|within|is:)|maximum:|format:|inclusion:/.test(m[2]!))
        for (const n of m[1]!.matchAll(/:(\w+)/g)) items.push(field(source, m.index, 'rails', 'validates', n[1]!, true));
    return { items };
  },
};

export const inputFieldReaders: readonly Reader[] = [python, javascript, jvm, go, php, csharp, ruby, rust, mongoose];

/** Rails fields take their model's validations; models of Django count only behind serializers or forms made from them. */
export const inputFieldsCombiner: Combiner = {
  kind: 'input-fields',
  uses: ['imports'],
  combine(items, _all: Collected) {
    const validated = new Set(items.filter((i) => i.technology === 'rails' && i.model === 'validates').map((i) => i.name));
    const usesDjango = items.some((i) => i.technology === 'drf' || i.technology === 'django-forms');
    // Where a library checks bodies, what it lets through is what counts.
    const checked = items.some((i) => i.technology === 'schema' || i.technology === 'class-validator');
    const seen = new Set<string>();
    return takenAsBody(items)
      .filter((i) => i.technology !== 'mongoose' || !checked)
      .filter((i) => !(i.technology === 'rails' && i.model === 'validates'))
      .filter((i) => i.technology !== 'django-model' || usesDjango)
      .map((i) => (i.technology === 'rails' ? { ...i, bounded: validated.has(i.name) } : i))
      .filter((i) => {
        const key = i.technology === 'rails' ? `rails ${String(i.name)}` : `${i.path} ${i.line} ${String(i.name)}`;
        return !seen.has(key) && seen.add(key);
      });
  },
};
