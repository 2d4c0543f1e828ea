import type { Item, Reader } from '../../../model/document.js';

const item = (path: string, line: number, technology: string, loading: boolean, errors: boolean): Item => ({
  path,
  line,
  technology,
  loading,
  errors,
});

const browserFetch =
  /\b(?:useQuery|useInfiniteQuery|useSuspenseQuery|useSWR|useSWRInfinite|useFetch|useLazyFetch|useAsyncData|useLazyQuery|createResource|createQuery|injectQuery|\$fetch|axios(?:\.\w+)?|this\.http\.\w+|fetch)\s*(?:<[^>()]{0,80}>)?\s*\(/;
const pending =
  /\b(?:is_?(?:loading|pending|fetching|submitting|saving|uploading|validating|busy)|loading|pending|fetching|submitting|isInitialLoading|setLoading|setIsLoading|aria-busy)\b|<(?:\w*\.)?\w*(?:Suspense|Skeleton|Spinner|Loader|Loading|CircularProgress|LinearProgress|ProgressBar|Progress)\b|\{#await|mat-(?:spinner|progress)|\bNProgress\b|status\s*===?\s*['"](?:loading|pending)['"]|@loading|@placeholder/i;
const failed = /\bisError\b|\berror\b\s*(?:&&|\?|\})|\bcatch\s*[({]|onError|\{:catch|toast\.error|setError/;

/** Components that fetch in the browser: React, Preact, Solid, Vue, Svelte, Angular. */
const components: Reader = {
  name: 'ui-fetches/components',
  kind: 'ui-fetches',
  files: {
    languages: ['javascript', 'typescript', 'tsx', 'vue', 'svelte'],
    roles: ['product'],
    except: ['**/api/**', '**/server/**', '**/*.d.ts'],
  },
  keywords: ['fetch', 'useQuery', 'useSWR', 'useSuspenseQuery', 'axios', 'this.http', 'createResource', 'useAsyncData', 'useInfiniteQuery'],
  read(source) {
    const { code, path } = source;
    const component =
      /\.(?:vue|svelte)$/.test(path) ||
      (/\.(?:tsx|jsx|js)$/.test(path) && /<[A-Za-z][\w.]*(?:\s[^<>]*)?\/?>/.test(code) && /\breturn\s*\(?\s*</.test(code)) ||
      /@Component\s*\(/.test(code);
    // A server component waits on the server; its pending state is a loading.tsx or a Suspense boundary around it.
    // A native app is no page of a browser.
    if (/\bfrom\s*["'](?:react-native|expo-router|@react-navigation\/[\w-]+)["']/.test(code)) return {};
    if (!component || (/\bexport default async function\b/.test(code) && !/['"]use client['"]/.test(code))) return {};
    const match = browserFetch.exec(code);
    if (!match) return {};
    return { items: [item(path, source.at(match.index).line, 'component', pending.test(code), failed.test(code))] };
  },
};

const slowCall =
  /\b(?:requests\.(?:get|post|put)|httpx\.\w+|urlopen|pd\.read_sql|\.chat\.completions\.create|\.responses\.create|\.completions\.create|\.messages\.create|client\.\w+\.create|\.invoke|\.run|\.predict|\.generate|\.stream|\.query|\.execute|agent|chain|llm)\s*\(/;

/** Streamlit pages: each rerun of the script makes the call anew while the person waits. */
const streamlit: Reader = {
  name: 'ui-fetches/streamlit',
  kind: 'ui-fetches',
  files: { languages: ['python'], roles: ['product'] },
  keywords: ['streamlit'],
  read(source) {
    const { code, path } = source;
    if (!/^\s*(?:import streamlit|from streamlit)/m.test(code)) return {};
    // A module that draws nothing shows nothing by itself: its pages do.
    if (!/\bst\.(?!cache|secrets\b|session_state\b|set_page_config\b)\w+(?:\.\w+)*\s*\(|\bwith st\.|\bfrom streamlit import/.test(code))
      return {};
    const shown = /\bexcept\b[\s\S]{0,400}?\bst\.(?:error|warning|toast)\s*\(/.test(code);
    const match = slowCall.exec(code) ?? (shown ? /\btry\s*:/.exec(code) : null);
    if (!match) return {};
    const loading =
      /\bst\.(?:spinner|progress|status|write_stream)\b|StreamlitCallbackHandler|show_spinner\s*=\s*(?:True|["'])|@st\.cache_(?:data|resource)/.test(
        code,
      );
    return {
      items: [item(path, source.at(match.index).line, 'streamlit', loading, shown)],
    };
  },
};

export const uiFetchReaders: readonly Reader[] = [components, streamlit];
