import { canonicalRequest } from '../canonical-json.ts';
import type { RequestContext } from '../context.ts';
import type { Step } from '../mediator.ts';

/** Who calls where nobody is authenticated. No encoded actor begins with `@`. */
const ANYONE = '@anyone';

/** Turns the caller's idempotency key into the claim that makes the command happen once: see `Idempotency`. */
export function idempotency<Context extends RequestContext>(hasher: {
  /** See `Vault.requestHash`. */
  requestHash(text: string): string;
}): Step<Context> {
  return (_message, context, next) => {
    const { idempotencyKey, request } = context;
    if (idempotencyKey === undefined) return next(context);
    const requestHash = hasher.requestHash(canonicalRequest(request));
    return next({ ...context, idempotency: { claim: claimOf(context.actor, idempotencyKey), requestHash } });
  };
}

/** Encoded, so that no caller's name can run into the key and name another caller's claim. */
function claimOf(actor: string | undefined, key: string): string {
  const caller = actor === undefined ? ANYONE : encodeURIComponent(actor);
  return `idempotency/${caller}/${key}`;
}
