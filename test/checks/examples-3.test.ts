import { runShare } from './examples.js';

await runShare(3, 4);
