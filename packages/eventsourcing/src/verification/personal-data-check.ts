import { EventSourcingError, hasCode } from '../errors.ts';
import type { RecordedEvent, Sealed } from '../event.ts';
import { ERASED, type Vault } from '../personal-data/vault.ts';
import { type Findings, placeOf } from './findings.ts';

/** Opens every sealed part, and forgets it at once: it must open, or its subject must be marked as erased. */
export interface PersonalDataCheck {
  /** Where the key must be loaded first, to be waited for. */
  see(event: RecordedEvent, sealed: Sealed): Promise<void> | undefined;
  summary(): PersonalDataSummary;
}

export interface PersonalDataSummary {
  /** Sealed parts that can be read. */
  readonly readable: number;
  /** Sealed parts of subjects whose key was destroyed. */
  readonly erased: number;
}

export function createPersonalDataCheck(vault: Vault, findings: Findings): PersonalDataCheck {
  let readable = 0;
  let erased = 0;

  function open(event: RecordedEvent, sealed: Sealed): undefined {
    try {
      if (vault.openNow(sealed) === ERASED) erased++;
      else readable++;
    } catch (error) {
      report(findings, event, sealed, error);
    }
  }

  async function loadAndOpen(event: RecordedEvent, sealed: Sealed): Promise<void> {
    try {
      await vault.loadKey(sealed.subject);
    } catch (error) {
      report(findings, event, sealed, error);
      return;
    }
    open(event, sealed);
  }

  return {
    see(event, sealed) {
      if (!isSealed(sealed)) {
        findings.add('personal-data-damaged', placeOf(event), 'it holds nothing sealed');
        return undefined;
      }
      // Waiting for what is at hand would cost as much as opening it.
      return vault.hasKey(sealed.subject) ? open(event, sealed) : loadAndOpen(event, sealed);
    },
    summary: () => ({ readable, erased }),
  };
}

/** A damaged event can hold anything. */
function isSealed({ subject, cipher }: Sealed): boolean {
  return typeof subject === 'string' && typeof cipher === 'string';
}

function report(findings: Findings, event: RecordedEvent, { subject }: Sealed, error: unknown): void {
  if (!(error instanceof EventSourcingError)) throw error;
  if (hasCode(error, 'key-missing')) {
    const what = `there is neither a key of ${subject} nor the mark that it was destroyed`;
    findings.add('key-missing', placeOf(event), what);
  } else {
    findings.add('personal-data-damaged', placeOf(event), `it does not open with the key of ${subject}`);
  }
}
