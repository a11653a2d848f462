import { readFileSync } from 'node:fs';
import type { Api, Schemas } from '@openbank/client';
import { Option } from 'commander';
import { ConfigError } from '../../config.ts';
import { EXIT } from '../exit-code.ts';
import { fileFailure } from '../file-failure.ts';
import { bankCommand } from './bank-command.ts';
import { type Column, tableLines } from './table.ts';
import { DRY_RUN_OPTION, KEY_OPTION, type WriteFlags, writeParams } from './writes.ts';

type Batch = Schemas['Batch'];
type BatchBody = Api['/transactions/batch']['post']['requestBody']['content']['application/json'];

interface BatchFlags extends WriteFlags {
  readonly mode?: BatchBody['mode'];
}

const NOTES = `The file holds what POST /api/v1/transactions/batch takes: {"mode", "items"}, or the items alone. A dash reads standard
input. Ends with 1 where an item was refused.`;

const COLUMNS: readonly Column<Batch['items'][number]>[] = [
  { head: 'ITEM', right: true, value: ({ index }) => String(index) },
  { head: 'STATUS', value: ({ status, replayed }) => (replayed ? `${status} before` : status) },
  { head: 'BALANCE', right: true, value: ({ balance }) => balance },
  { head: 'TRANSACTION', value: ({ transaction }) => transaction?.id },
  { head: 'WHY', value: ({ problem }) => problem && `${problem.code}: ${problem.detail}` },
];

export const batchCommand = bankCommand<BatchFlags, Batch>({
  usage: 'batch <file.json>',
  summary: 'record up to 1,000 transactions in one call',
  options: [
    new Option('--mode <mode>', 'atomic: all or none; independent: each by itself').choices([
      'atomic',
      'independent',
    ]),
    KEY_OPTION,
    DRY_RUN_OPTION,
  ],
  notes: NOTES,
  writes: true,
  examples: ['batch payments.json --mode atomic --key payments-2026-09', 'batch - < payments.json'],
  call: (bank, { args: [file = ''], flags }) =>
    bank.post('/transactions/batch', { body: readBatch(file, flags.mode), params: writeParams(flags) }),
  show: ({ items }) => tableLines(COLUMNS, items),
  exitCode: ({ items }) => (items.some(({ status }) => status === 'refused') ? EXIT.failed : EXIT.ok),
});

/** What is in the file, as it is: the bank says what is wrong with it. @throws ConfigError - it is no JSON */
function readBatch(file: string, mode: BatchFlags['mode']): BatchBody {
  const content = parsed(file, textOf(file));
  const body = Array.isArray(content) ? { items: content } : content;
  return { mode: 'independent', ...body, ...(mode !== undefined && { mode }) };
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const reason = fileFailure(error);
    if (reason === undefined) throw error;
    throw new ConfigError([`${file}: ${reason}`]);
  }
}

function parsed(file: string, text: string) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError([`${file} is no JSON: ${error instanceof Error ? error.message : error}`]);
  }
}
