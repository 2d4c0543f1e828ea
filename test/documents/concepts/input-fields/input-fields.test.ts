import { describe, expect, it } from 'vitest';
import { inputFieldReaders, inputFieldsCombiner } from '../../../../src/documents/concepts/input-fields/index.js';
import type { Item } from '../../../../src/model/document.js';
import { concepts } from '../../../../src/model/concepts.js';
import { sourceOf } from '../../../support/source.js';

async function read(path: string, text: string): Promise<[string, boolean][]> {
  const source = sourceOf(path, text);
  const items: Item[] = [];
  for (const reader of inputFieldReaders)
    if (reader.files.languages?.includes(source.file.language!)) items.push(...((await reader.read(source)).items ?? []));
  const combined = inputFieldsCombiner.combine(items, { items: () => [], documents: () => [], files: [] });
  for (const item of combined) expect(() => concepts['input-fields'].parse(item)).not.toThrow();
  return combined.map((i) => [String(i.name), i.bounded === true]);
}

describe('input-fields', () => {
  it('reads Pydantic models, over several lines, but no answers', async () => {
    const text =
      'class OrderCreate(BaseModel):\n    title: str = Field(\n        min_length=1,\n        max_length=200,\n    )\n    note: str | None = None\n    email: EmailStr\n\nclass OrderPublic(BaseModel):\n    text: str\n';
    expect(await read('app/models.py', text)).toEqual([
      ['title', true],
      ['note', false],
    ]);
  });

  it('reads Joi and Zod chains', async () => {
    const text =
      "const Joi = require('joi');\nconst createOrder = Joi.object({\n  title: Joi.string().required().max(200),\n  note: Joi.string().custom(check),\n});\n";
    expect(await read('src/order.js', text)).toEqual([
      ['title', true],
      ['note', false],
    ]);
  });

  it('reads classes of C# that a handler takes as its body, and no others', async () => {
    expect(
      await read(
        'Todos.cs',
        'app.MapPost("/todos", async Task<Created> (Db db, TodoItem item) => Results.Ok());\npublic class TodoItem\n{\n  [Required]\n  public string Title { get; set; } = default!;\n  [MaxLength(80)]\n  public string Note { get; set; }\n}\npublic class Row\n{\n  [Required]\n  public string Owner { get; set; }\n}\n',
      ),
    ).toEqual([
      ['Title', false],
      ['Note', true],
    ]);
  });

  it('reads records of Java and structs of Go', async () => {
    expect(
      await read(
        'src/main/java/OrderRequest.java',
        'public record OrderRequest(\n  @NotBlank @Size(max = 80) String title,\n  @NotBlank String note\n) {}\n',
      ),
    ).toEqual([
      ['title', true],
      ['note', false],
    ]);
    expect(
      await read(
        'order.go',
        'package shop\n\ntype OrderRequest struct {\n\tTitle string `json:"title" binding:"max=80"`\n\tNote string `json:"note"`\n}\n',
      ),
    ).toEqual([
      ['Title', true],
      ['Note', false],
    ]);
  });

  it('reads what handlers in Rust take', async () => {
    const text =
      'use serde::Deserialize;\n#[derive(Deserialize)]\nstruct Wrapped<T> { user: T }\n\n#[derive(Debug, Deserialize, Validate)]\n#[serde(rename_all = "camelCase")]\npub struct Person {\n    #[validate(length(min = 1, max = 80))]\n    pub name: String,\n    pub bio: Option<String>,\n    pub age: i32,\n    pub title: Title,\n}\n\n#[derive(Deserialize)]\nstruct ListQuery { q: String }\n\n#[derive(Deserialize)]\nstruct Row { note: String }\n\nasync fn add(State(s): State<App>, Json(body): Json<Wrapped<Person>>) -> Json<Row> { todo!() }\n';
    expect(await read('src/people.rs', text)).toEqual([
      ['name', true],
      ['bio', false],
    ]);
  });

  it('joins permitted parameters of Rails with length validations', async () => {
    const text =
      'class Order\n  validates :title, length: { maximum: 80 }\n  def order_params\n    params.require(:order).permit(:title, :note)\n  end\nend\n';
    expect(await read('app/models/order.rb', text)).toEqual([
      ['title', true],
      ['note', false],
    ]);
  });

  it('leaves login forms and identifiers out', async () => {
    expect(
      await read('src/auth.js', "const Joi = require('joi');\nconst login = Joi.object({ name: Joi.string(), password: Joi.string() });\n"),
    ).toEqual([]);
  });
});

describe('schemas of Mongoose', () => {
  const schema =
    "import mongoose, { Schema } from 'mongoose';\nconst schema = new Schema({\n  name: { type: String, required: true },\n  note: { type: String, maxlength: 200 },\n  owner: { type: Schema.Types.ObjectId },\n  done: Boolean,\n  text: String,\n});\nexport const TodoModel = mongoose.model<Todo>('Todo', schema);\n";
  const both = async (handler: string): Promise<[string, boolean][]> => {
    const items: Item[] = [];
    for (const [path, text] of [
      ['src/todo.ts', schema],
      ['src/routes.ts', handler],
    ] as const)
      for (const reader of inputFieldReaders.filter((r) => r.files.languages?.includes('typescript')))
        items.push(...((await reader.read(sourceOf(path, text))).items ?? []));
    const combined = inputFieldsCombiner.combine(items, { items: () => [], documents: () => [], files: [] });
    for (const item of combined) expect(() => concepts['input-fields'].strict().parse(item)).not.toThrow();
    return combined.map((i) => [String(i.name), i.bounded === true]);
  };
  const fields = [['name', false], ['note', true], ['text', false]]; // prettier-ignore

  it.each([
    ['router.post("/", async (req, res) => res.json(await new TodoModel(req.body).save()));', fields],
    ['router.post("/", async (req, res) => res.json(await Todo.create({ ...req.body, owner: 1 })));', fields],
    ['router.post("/", async (req, res) => {\n  const item: Todo = {\n    ...req.body,\n    id: 1\n  };\n  new TodoModel(item);\n});', fields],
    ['router.post("/", async (req, res) => new TodoModel({ name: req.body.name }).save());', []],
    ['import { body, validationResult } from "express-validator";\nrouter.post("/", (req, res) => new TodoModel(req.body).save());', []],
    ['const s = Joi.object({ title: Joi.string().max(9) });\nimport Joi from "joi";\nrouter.post("/", (req) => Todo.create(req.body));', [['title', true]]],
  ])('%s', async (handler, expected) => expect(await both(handler)).toEqual(expected)); // prettier-ignore
});
