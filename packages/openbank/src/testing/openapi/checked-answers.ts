import { type Check, createSchemaChecks } from './closed-schemas.ts';
import {
  codesOf,
  type OpenApiDocument,
  operationFinder,
  type ResponseDescription,
  type Schema,
} from './document.ts';

/** An answer, and the request that it was given to. */
export interface Answer {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** What of an answer is otherwise than the document says; nothing where all is as it says. */
export type AnswerCheck = (answer: Answer) => readonly string[];

/** What is said of no operation: the document itself, and the page that shows it. */
const HIDDEN = /^\/(?:api\/openapi\.json|api\/docs(?:\/.*)?)?$/;

/** What the protocol says of any answer. */
const OF_HTTP = new Set([
  'content-type',
  'content-length',
  'date',
  'connection',
  'keep-alive',
  'transfer-encoding',
]);

/** Checks answers against the document: status, code, type of content, body and headers. */
export function createAnswerCheck(document: OpenApiDocument): AnswerCheck {
  const find = operationFinder(document);
  const checkOf = createSchemaChecks(document);
  const outside = answersWithoutOperation(document);
  return (answer) => {
    const path = answer.url.split('?', 1)[0] ?? '';
    if (HIDDEN.test(path)) return [];
    const operation = find(answer.method === 'HEAD' ? 'GET' : answer.method, path);
    const response = operation?.responses[answer.status] ?? outside(answer.status);
    if (response === undefined) return [`the status ${answer.status} is not documented`];
    return [...headerProblems(answer, response), ...bodyProblems(answer, response, checkOf)];
  };
}

type CheckOf = (schema: Schema) => Check;

/** What is answered to requests that reach no operation: the document says it where it describes itself. */
function answersWithoutOperation({ info, components }: OpenApiDocument) {
  const named = info.description?.matchAll(/(?<status>\d{3}) `(?<code>[a-z-]+)`/g) ?? [];
  const codes = new Map([...named].map(([, status = '', code = '']) => [Number(status), code]));
  const content = { 'application/problem+json': { schema: components.schemas.Problem ?? {} } };
  const headers = { allow: { schema: {} } };
  return (status: number): ResponseDescription | undefined =>
    codes.has(status)
      ? { description: `Codes: \`${codes.get(status)}\`.`, content, ...(status === 405 && { headers }) }
      : undefined;
}

function bodyProblems(answer: Answer, response: ResponseDescription, checkOf: CheckOf): readonly string[] {
  const type = String(answer.headers['content-type']).split(';', 1)[0] ?? '';
  const content = response.content?.[type];
  if (content === undefined) return [`the content type ${type} is not documented`];
  if (answer.method === 'HEAD' || !type.endsWith('json')) return [];
  const body: unknown = JSON.parse(answer.body);
  const found = checkOf(content.schema)(body);
  return type === 'application/problem+json' ? [...found, ...codeProblems(answer, response, body)] : found;
}

function codeProblems({ status }: Answer, response: ResponseDescription, body: unknown): readonly string[] {
  const problem = { code: '', status: 0, ...(typeof body === 'object' ? body : {}) };
  const ofStatus = problem.status === status ? [] : [`it says that its status is ${problem.status}`];
  const isKnown = codesOf(response).includes(problem.code);
  return isKnown ? ofStatus : [...ofStatus, `the code ${problem.code} is not documented for ${status}`];
}

function headerProblems({ headers, url }: Answer, response: ResponseDescription): readonly string[] {
  const documented = Object.keys(response.headers ?? {}).map((name) => name.toLowerCase());
  const missing = documented.filter((name) => isRequired(name, url) && headers[name] === undefined);
  const unknown = Object.keys(headers).filter((name) => !OF_HTTP.has(name) && !documented.includes(name));
  return [
    ...missing.map((name) => `the header ${name} is missing`),
    ...unknown.map((name) => `the header ${name} is not documented`),
  ];
}

/** Says that an answer is another one's again. */
const SOMETIMES = new Set(['idempotency-replayed', 'openbank-dry-run', 'openbank-as-of-position']);
/** Where something was recorded. */
const RECORDED = new Set(['openbank-position', 'location']);

function isRequired(name: string, url: string): boolean {
  const query = new URLSearchParams(url.split('?')[1]);
  if (name === 'openbank-dry-run') return query.get('dry_run') === 'true';
  if (name === 'openbank-as-of-position') return query.has('as_of') || query.has('as_of_position');
  if (RECORDED.has(name) && query.get('dry_run') === 'true') return false;
  return !SOMETIMES.has(name);
}
