import { isLogSound } from './advice.ts';
import type { BankVerification } from './verify-bank.ts';

/** What was found, for scripts: snake_case, as all JSON of the bank. */
export function toJson(data: string, verification: BankVerification) {
  const {
    findings,
    position,
    events,
    commits,
    claims,
    claimsDigest,
    streams,
    accounts,
    totals,
    index,
    models,
    digest,
  } = verification;
  const { personalData, snapshots, elapsed } = verification;
  return {
    ok: findings.length === 0,
    data,
    findings,
    position: position ?? null,
    events,
    commits,
    claims,
    claims_digest: claimsDigest,
    streams,
    accounts,
    books: totals,
    personal_data: personalData ?? null,
    index: index ?? null,
    snapshots: snapshots ? { compared: snapshots.compared, other_versions: snapshots.otherVersions } : null,
    read_models: models.map((model) => ({
      name: model.name,
      state: model.state,
      version: model.version ?? null,
      filling: model.filling ?? null,
      documents: model.documents,
      position: model.position ?? null,
      events_behind: model.behind,
    })),
    digest: isLogSound(findings) ? digest : null,
    elapsed_ms: Math.round(elapsed),
  };
}
