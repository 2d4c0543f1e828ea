import { runShare } from './examples.js';

await runShare(4, 4);
