import { runShare } from './examples.js';

await runShare(1, 4);
