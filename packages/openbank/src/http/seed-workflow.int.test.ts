import { seedWorkflowSuite } from '../testing/bank-suite/seed-workflow.ts';
import { openMemoryBank } from '../testing/memory-bank.ts';

seedWorkflowSuite(openMemoryBank);
