import type { Answer } from './answer.ts';
import type { ResponseDescription } from './document.ts';

/** What the protocol says of any answer. */
const OF_HTTP = new Set([
  'content-type',
  'content-length',
  'date',
  'connection',
  'keep-alive',
  'transfer-encoding',
]);

/** What headers an answer has that the document does not name for it, and the other way round. */
export function headerProblems(answer: Answer, response: ResponseDescription): readonly string[] {
  const { headers } = answer;
  const documented = Object.keys(response.headers ?? {}).map((name) => name.toLowerCase());
  const missing = documented.filter((name) => isRequired(name, answer) && headers[name] === undefined);
  const unknown = Object.keys(headers).filter((name) => !OF_HTTP.has(name) && !documented.includes(name));
  return [
    ...missing.map((name) => `the header ${name} is missing`),
    ...unknown.map((name) => `the header ${name} is not documented`),
  ];
}

/** Says that an answer is another one's again. */
const SOMETIMES = new Set(['idempotency-replayed', 'openbank-dry-run', 'openbank-as-of-position']);
/** Where something was recorded: not in a dry run, and not in a batch whose items were all refused. */
const RECORDED = new Set(['openbank-position', 'location', 'etag']);

function isRequired(name: string, { url, body }: Answer): boolean {
  const [path = '', search] = url.split('?', 2);
  const query = new URLSearchParams(search);
  const isDry = query.get('dry_run') === 'true';
  if (name === 'openbank-dry-run') return isDry;
  if (name === 'openbank-as-of-position') return query.has('as_of') || query.has('as_of_position');
  const isAllRefused = path.endsWith('/batch') && !body.includes('"status":"done"');
  if (RECORDED.has(name) && (isDry || isAllRefused)) return false;
  return !SOMETIMES.has(name);
}
