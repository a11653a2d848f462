import type { Answer } from './answer.ts';
import { headerProblems } from './checked-headers.ts';
import { type Check, createSchemaChecks } from './closed-schemas.ts';
import {
  codesOf,
  type OpenApiDocument,
  operationFinder,
  type ResponseDescription,
  type Schema,
} from './document.ts';

/** What of an answer is otherwise than the document says; nothing where all is as it says. */
export type AnswerCheck = (answer: Answer) => readonly string[];

/** What is said of no operation: the document itself, and the page that shows it. */
const HIDDEN = /^\/(?:api\/openapi\.json|api\/docs(?:\/.*)?)?$/;

/** Checks answers against the document: status, code, type of content, body and headers. */
export function createAnswerCheck(document: OpenApiDocument): AnswerCheck {
  const find = operationFinder(document);
  const checkOf = createSchemaChecks(document);
  const outside = answersWithoutOperation(document);
  return (answer) => {
    const path = answer.url.split('?', 1)[0] ?? '';
    if (HIDDEN.test(path)) return [];
    const operation = find(answer.method === 'HEAD' ? 'GET' : answer.method, path);
    const described = (status: number) => operation?.responses[status] ?? outside(status);
    const response = described(answer.status);
    if (response === undefined) return [`the status ${answer.status} is not documented`];
    return [...headerProblems(answer, response), ...bodyProblems(answer, response, checkOf, described)];
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

type Described = (status: number) => ResponseDescription | undefined;

function bodyProblems(
  answer: Answer,
  response: ResponseDescription,
  checkOf: CheckOf,
  described: Described,
): readonly string[] {
  const type = String(answer.headers['content-type']).split(';', 1)[0] ?? '';
  const content = response.content?.[type];
  if (content === undefined) return [`the content type ${type} is not documented`];
  if (answer.method === 'HEAD' || !type.endsWith('json')) return [];
  const body: unknown = JSON.parse(answer.body);
  const found = checkOf(content.schema)(body);
  const problems = problemsIn(body);
  const statuses =
    type === 'application/problem+json' ? [answer.status] : problems.map(({ status }) => status);
  const isSame = problems.every(({ status }, at) => status === statuses[at]);
  return [
    ...found,
    ...(isSame ? [] : [`it says that its status is ${problems[0]?.status}`]),
    ...problems.flatMap((problem) => codeProblems(problem, described)),
  ];
}

interface Problem {
  readonly status: number;
  readonly code: string;
}

/** The problem that an answer is, or those of the items of a batch. */
function problemsIn(value: unknown): readonly Problem[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isProblem(value)) return [value];
  return Object.values(value).flatMap(problemsIn);
}

function isProblem(value: object): value is Problem {
  return 'code' in value && 'status' in value && 'detail' in value && typeof value.status === 'number';
}

/** What the bank may answer with which status is said where the operation is described. */
function codeProblems({ status, code }: Problem, described: Described): readonly string[] {
  const response = described(status);
  const isKnown = response !== undefined && codesOf(response).includes(code);
  return isKnown ? [] : [`the code ${code} is not documented for ${status}`];
}
