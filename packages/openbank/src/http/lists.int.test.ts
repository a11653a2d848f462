import { listsSuite } from '../testing/bank-suite/lists.ts';
import { openMemoryBank } from '../testing/memory-bank.ts';

listsSuite(openMemoryBank);
