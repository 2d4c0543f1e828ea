import { git, gitNow, headOf } from './git.js';
import { limits } from '../safe/limits.js';

const ref = 'refs/notes/readiness';
const most = 64 * 1024 * 1024;

/** What is noted to a commit, and which. */
export interface CommitNote {
  readonly commit: string;
  readonly text: string;
}

/** The newest notes of this tool in a repository (by the order of their commits' ids as git lists them), at most `count`. */
export async function readNotes(root: string, count: number): Promise<CommitNote[]> {
  const out = await git(root, ['notes', `--ref=${ref}`, 'list'], { most: 8 * 1024 * 1024 });
  const entries = (out?.toString('latin1') ?? '').split('\n').flatMap((line) => {
    const match = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64})$/.exec(line);
    return match ? [{ blob: match[1] as string, commit: match[2] as string }] : [];
  });
  return entries.slice(0, count).flatMap(({ blob, commit }) => {
    const text = gitNow(root, ['cat-file', 'blob', blob], { most });
    return text ? [{ commit, text: text.toString('utf8') }] : [];
  });
}

/** Notes a text to a commit, over what this tool noted before; false where git refuses or does not know the commit. */
export async function writeNote(root: string, commit: string, text: string): Promise<boolean> {
  if ((await headOf(root, commit)) !== commit || text.length > limits.fileBytes * 16) return false;
  const blob = gitNow(root, ['hash-object', '-w', '--stdin', '--no-filters'], { input: text })?.toString('latin1').trim() ?? '';
  if (!/^[0-9a-f]{40,64}$/.test(blob)) return false;
  const name = { GIT_AUTHOR_NAME: 'readiness', GIT_AUTHOR_EMAIL: 'readiness@localhost' };
  const env = { ...name, GIT_COMMITTER_NAME: name.GIT_AUTHOR_NAME, GIT_COMMITTER_EMAIL: name.GIT_AUTHOR_EMAIL };
  return (await git(root, ['notes', `--ref=${ref}`, 'add', '--force', '-C', blob, commit], { env })) !== null;
}
