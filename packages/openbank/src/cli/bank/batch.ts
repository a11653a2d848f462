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

const MODES: readonly BatchBody['mode'][] = ['atomic', 'independent'];

const NOTES = `The file holds what POST /api/v1/transactions/batch takes: {"mode", "items"}, or a list of the items alone, and then
--mode is needed. A dash reads standard input. Ends with 1 where an item was refused, and with 4 where nobody knows of one
whether it was recorded.`;

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
    new Option('--mode <mode>', 'atomic: all or none; independent: each by itself').choices(MODES),
    KEY_OPTION,
    DRY_RUN_OPTION,
  ],
  notes: NOTES,
  writes: true,
  examples: [
    'batch payments.json --mode atomic --key payments-2026-09',
    'batch - --mode independent < payments.json',
  ],
  call: (bank, { args: [file = ''], flags }) =>
    bank.post('/transactions/batch', { body: readBatch(file, flags.mode), params: writeParams(flags) }),
  show: ({ items }) => tableLines(COLUMNS, items),
  doubts: ({ items }, key) => {
    const unknown = items.filter(({ status }) => status === 'unknown').length;
    if (unknown === 0) return [];
    return [
      `Of ${unknown} items nobody knows whether they were recorded. Give the same command again with --key ${key}: then each is done once, and its answer tells.`,
    ];
  },
  exitCode: ({ items }) => {
    if (items.some(({ status }) => status === 'unknown')) return EXIT.unknown;
    return items.some(({ status }) => status === 'refused') ? EXIT.failed : EXIT.ok;
  },
});

/**
 * The batch in a file. What is in its items goes to the bank as it is, which says what is wrong with it.
 *
 * @throws ConfigError - it is no JSON or no batch, or nobody says how it is to be recorded
 */
function readBatch(file: string, mode: BatchFlags['mode']): BatchBody {
  const content = parsed(file, textOf(file));
  const body = Array.isArray(content) ? { items: content } : content;
  if (typeof body !== 'object' || body === null || !('items' in body && Array.isArray(body.items)))
    throw new ConfigError([`${file} holds no batch: {"mode", "items"}, or a list of the items alone.`]);
  const batch = { ...body, ...(mode !== undefined && { mode }) };
  if (!isBatch(batch)) throw new ConfigError([`${file} ${NO_MODE}`]);
  return batch;
}

const NO_MODE =
  'does not say how its items are recorded: give --mode atomic (all or none) or --mode independent (each by itself).';

/** Whether it says what it must to be sent; its items are the bank's to judge. */
function isBatch(body: object): body is BatchBody {
  return 'mode' in body && MODES.some((mode) => mode === body.mode);
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

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError([`${file} is no JSON: ${error instanceof Error ? error.message : error}`]);
  }
}
