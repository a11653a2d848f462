import { stripTypeScriptTypes } from 'node:module';

// Node strips types by a WebAssembly module that all threads of a process share. Vitest does without it, so that here
// the threads under test were the only ones to have it, and when they ended at the same time V8 freed its code twice
// ("Check failed: jit_page_->allocations_.erase(addr) == 1", Node 24.21). In the program the main thread keeps it
// alive; so does this in the tests.
stripTypeScriptTypes('const loaded: boolean = true;');
