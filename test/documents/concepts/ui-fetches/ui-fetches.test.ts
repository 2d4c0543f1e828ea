import { expect, test } from 'vitest';
import { concepts } from '../../../../src/model/concepts.js';
import { collect } from '../../collect.js';

async function fetches(files: Record<string, string>) {
  const { items } = await collect('ui-fetches', files);
  return items.map((item) => concepts['ui-fetches'].strict().parse(item));
}
const component = (line: string) => ({
  'src/Items.tsx': `export function Items() {\n  const { data, isPending } = useQuery({ queryKey: ['items'] });\n  ${line}\n  return <ul className="x">{data}</ul>;\n}\n`,
});

test('a component that fetches and waits', async () => {
  expect(await fetches(component('if (isPending) return <Spinner />;'))).toMatchObject([{ line: 2, loading: true }]);
});

test('modules without markup and functions on the server are no components', async () => {
  expect(await fetches({ 'src/api.ts': "export const load = () => fetch('/items');\n" })).toEqual([]);
  const server =
    "export default async function Page() {\n  const a = await fetch('https://api.example.com');\n  return <p>{a.status}</p>;\n}\n";
  expect(await fetches({ 'app/page.tsx': server })).toEqual([]);
});

test('screens of a native app are none of a browser', async () => {
  const screen = component('if (isPending) return <Spinner />;')['src/Items.tsx'];
  expect(await fetches({ 'src/app/index.tsx': `import { View } from "react-native";\n${screen}` })).toEqual([]);
});

test('Streamlit scripts by what they show', async () => {
  const call = 'import streamlit as st\nimport requests\n';
  expect(await fetches({ 'a.py': `${call}st.write(requests.get(url))\n` })).toMatchObject([{ loading: false, errors: false }]);
  const careful = `${call}try:\n    with st.spinner('...'):\n        requests.get(url)\nexcept OSError:\n    st.error('unreachable')\n`;
  expect(await fetches({ 'a.py': careful })).toMatchObject([{ loading: true, errors: true }]);
});

test('Streamlit modules that draw nothing leave it to the pages that call them', async () => {
  const model =
    'import streamlit as st\nimport openai\n\n@st.cache_resource\ndef client():\n    return openai.OpenAI()\n\ndef ask(q):\n    return client().chat.completions.create(messages=[q])\n';
  const page =
    "import streamlit as st\nfrom model import ask\ntry:\n    with st.spinner('...'):\n        st.write(ask('x'))\nexcept Exception:\n    st.error('no answer')\n";
  expect(await fetches({ 'model.py': model, 'page.py': page })).toMatchObject([{ path: 'page.py', line: 3, loading: true, errors: true }]);
});
