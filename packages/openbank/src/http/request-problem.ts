import type { FastifyError } from 'fastify';
import { malformed, ProblemError } from './problem.ts';
import { fieldErrors } from './validation-errors.ts';

/** Requests that the server could not even read: in our own words, since the parser's may repeat what was sent. */
export function requestProblem(error: unknown): ProblemError | undefined {
  if (!isFastifyError(error)) return undefined;
  if (error.validation !== undefined)
    return malformed(fieldErrors(error.validation, error.validationContext));
  const known = BY_CODE[error.code];
  if (known !== undefined) return known();
  const status = error.statusCode ?? 500;
  if (status < 400 || status >= 500) return undefined;
  return new ProblemError(status, 'malformed', 'The request cannot be understood.');
}

const body = (message: string) => (): ProblemError => malformed([{ field: 'body', message }]);
const notJson = (): ProblemError =>
  new ProblemError(415, 'unsupported-media-type', 'Send JSON, and say so: Content-Type: application/json.');
const tooLong = (): ProblemError =>
  new ProblemError(414, 'uri-too-long', 'A part of the address is too long.');

const BY_CODE: Readonly<Record<string, () => ProblemError>> = {
  FST_ERR_BAD_URL: () => malformed([{ field: 'path', message: 'is not a valid URL: check its % signs' }]),
  FST_ERR_MAX_PARAM_LENGTH: tooLong,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: notJson,
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    new ProblemError(
      413,
      'too-large',
      'The body is larger than this call takes: 65,536 bytes, a batch 2 MiB.',
    ),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: body('is not as long as its Content-Length says'),
};

function isFastifyError(error: unknown): error is FastifyError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('FST_')
  );
}
