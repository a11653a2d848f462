import type { App } from '../../http/app.ts';

/** JSON Schema as it stands in the document: the keywords that the tests look at. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
}

/** Of a type, with whole examples beside it. */
export interface Content {
  readonly schema: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export interface Parameter extends Content {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly required?: boolean;
  readonly description?: string;
}

export interface ResponseDescription {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Content>>;
  readonly content?: Readonly<Record<string, Content>>;
}

export interface OperationDescription {
  readonly summary?: string;
  readonly description?: string;
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, Content>>;
  };
  readonly responses: Readonly<Record<string, ResponseDescription>>;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly description?: string };
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationDescription>>>>;
}

/** One method of one path. */
export interface Operation extends OperationDescription {
  /** `POST /api/v1/accounts/{id}/deposit` */
  readonly name: string;
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
}

/** The document of the API, as it is sent to clients. */
export function documentOf(app: App): OpenApiDocument {
  return JSON.parse(JSON.stringify(app.swagger()));
}

export function operationsOf(document: OpenApiDocument): readonly Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, description]) => ({
      ...description,
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
    })),
  );
}

/** The codes that an error response names in its description. */
export function codesOf({ description }: ResponseDescription): readonly string[] {
  const named = /Codes: (?<codes>[^.]+)\./.exec(description)?.groups?.codes ?? '';
  return [...named.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** Finds the operation that a request is meant for: a path of fixed words before one with parameters. */
export function operationFinder(
  document: OpenApiDocument,
): (method: string, path: string) => Operation | undefined {
  const known = operationsOf(document)
    .map((operation) => ({ operation, pattern: patternOf(operation.path) }))
    .sort((one, other) => parametersIn(one.operation.path) - parametersIn(other.operation.path));
  return (method, path) =>
    known.find(({ operation, pattern }) => operation.method === method && pattern.test(path))?.operation;
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

function parametersIn(path: string): number {
  return path.split('{').length - 1;
}
