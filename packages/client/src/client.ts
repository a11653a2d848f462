import createClient, { type Client, type MaybeOptionalInit, type MethodResponse } from 'openapi-fetch';
import type { HttpMethod, PathsWithMethod, RequiredKeysOf } from 'openapi-typescript-helpers';
import type { paths } from './generated/openapi.ts';
import { createRetryingFetch, SURROUNDINGS } from './retrying-fetch.ts';
import { createSession } from './session.ts';

/** The paths of the OpenAPI document below `/api/v1`, with what each takes and answers. */
export type Api = {
  [Path in keyof paths as Path extends `/api/v1${infer Below}` ? Below : never]: paths[Path];
};

/** What a call was answered. */
export interface Answer<Data> {
  readonly data: Data;
  /** `OpenBank-Position` of a write: a read with it as `min_position` shows what was written. */
  readonly position: string | undefined;
  /** Whether this is the first answer again, to a key that was used before. */
  readonly replayed: boolean;
  /** The idempotency key that a write was sent with: it names it where the answer leaves open what was done. */
  readonly key: string | undefined;
  /** Revision of what is shown: send it as `if-match` to change that and nothing newer. */
  readonly etag: string | undefined;
  /** The whole answer; its body is read already. */
  readonly response: Response;
}

type Init<Options> =
  RequiredKeysOf<Options> extends never
    ? [(Options & { [key: string]: unknown })?]
    : [Options & { [key: string]: unknown }];

/**
 * A call by path: `{ params: { path, query, header }, body }` as the document says. @throws OpenBankError
 */
type Call<Method extends HttpMethod> = <
  Path extends PathsWithMethod<Api, Method>,
  Options extends MaybeOptionalInit<Api[Path], Method>,
>(
  path: Path,
  ...init: Init<Options>
) => Promise<Answer<MethodResponse<Client<Api>, Method, Path, Options>>>;

export interface OpenBankClient {
  readonly get: Call<'get'>;
  readonly post: Call<'post'>;
  readonly put: Call<'put'>;
  readonly patch: Call<'patch'>;
  /** `OpenBank-Position` of the latest write; before the first, what the client was given. */
  readonly position: string | undefined;
}

export interface OpenBankClientOptions {
  /** Where the bank is: `http://localhost:8899`. `/api/v1` at its end may be there. */
  readonly url: string;
  /** The bank's OPENBANK_TOKEN, where it has one. */
  readonly token?: string | undefined;
  /** How often a call is tried again at most. Default 5. */
  readonly retries?: number;
  /** Milliseconds after which no further try begins. Default 20,000. */
  readonly patience?: number;
  /** Milliseconds that one try may take. Default 30,000. */
  readonly timeout?: number;
  /** What another client has come to: reads show at least what is there. */
  readonly position?: string | undefined;
  /** Whether a read waits until it shows what this client has written. Default: it does. */
  readonly readYourWrites?: boolean;
  /** Sends the requests. Default: the platform's own. */
  readonly fetch?: typeof globalThis.fetch;
}

/** A client of one bank. It holds no connection and need not be closed. */
export function createOpenBankClient(options: OpenBankClientOptions): OpenBankClient {
  const { url, token, readYourWrites = true } = options;
  const session = createSession({ readYourWrites, position: options.position });
  const { retries = 5, patience = 20_000, timeout = 30_000, fetch = SURROUNDINGS.fetch } = options;
  const send = createRetryingFetch({ retries, patience, timeout }, { ...SURROUNDINGS, fetch });
  const keys = new WeakMap<Response, string>();
  const api = createClient<Api>({
    baseUrl: `${url.replace(/\/+$/, '').replace(/\/api\/v1$/, '')}/api/v1`,
    ...(token !== undefined && { headers: { Authorization: `Bearer ${token}` } }),
    async fetch(request) {
      session.prepare(request);
      const response = await send(request);
      session.learn(response);
      const key = request.headers.get('Idempotency-Key');
      if (key !== null) keys.set(response, key);
      return response;
    },
  });
  /** @throws TypeError - it has no body, which no answer of the document lacks */
  const answerOf = <Data>({ data, response }: { data?: Data; response: Response }) => {
    if (data === undefined || data === null)
      throw new TypeError(`${response.url} was answered without a body.`);
    return { data, key: keys.get(response), ...saidIn(response) };
  };
  return {
    get position() {
      return session.position;
    },
    get: async (path, ...init) => answerOf(await api.GET(path, ...init)),
    post: async (path, ...init) => answerOf(await api.POST(path, ...init)),
    put: async (path, ...init) => answerOf(await api.PUT(path, ...init)),
    patch: async (path, ...init) => answerOf(await api.PATCH(path, ...init)),
  };
}

/** What an answer says in its headers. */
function saidIn(response: Response) {
  const { headers } = response;
  return {
    position: headers.get('OpenBank-Position') ?? undefined,
    replayed: headers.get('Idempotency-Replayed') === 'true',
    etag: headers.get('ETag') ?? undefined,
    response,
  };
}
