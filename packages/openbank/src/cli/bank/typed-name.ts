import type { Command } from 'commander';

/** Headers and fields that have another name here. */
const OTHER_NAMES: Readonly<Record<string, string>> = { 'idempotency-key': 'key' };

/** What a field of a request is called where it was typed: `--as-of`, `account-id`; its own name where it was not. */
export function typedName(field: string, command: Command): string {
  const plain = field
    .replace(/^address\./, '')
    .toLowerCase()
    .replaceAll('_', '-');
  const name = OTHER_NAMES[plain] ?? plain;
  const flags = command.options.flatMap(({ long }) => long ?? []);
  const names = command.registeredArguments.map((argument) => argument.name());
  const found = [`--${name}`, `--${name.replace(/-id$/, '')}`].find((flag) => flags.includes(flag));
  return found ?? names.find((argument) => argument === name) ?? onlyId(name, names) ?? field;
}

/** `id` in a path is that of what the command is about. */
function onlyId(name: string, names: readonly string[]): string | undefined {
  const ids = names.filter((argument) => argument.endsWith('-id'));
  return ids.length === 1 && /(^|-)id$/.test(name) ? ids[0] : undefined;
}
