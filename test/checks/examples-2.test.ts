import { runShare } from './examples.js';

await runShare(2, 4);
