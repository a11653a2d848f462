import { idempotencySuite } from '../testing/bank-suite/idempotency.ts';
import { openMemoryBank } from '../testing/memory-bank.ts';

idempotencySuite(openMemoryBank);
