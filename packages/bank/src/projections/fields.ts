import type { DocumentFields, FieldValue, Sealed } from '@openbank/eventsourcing';
import type { Metadata } from '../domain/transaction.ts';

/** Sealed personal data as a document's `json` field keeps it. */
export interface SealedField extends Readonly<Record<string, string>> {
  readonly subject: string;
  readonly event: string;
  readonly cipher: string;
}

/** @throws Error - a document that its projection does not write: a fault of the program */
export function text(fields: DocumentFields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string') return value;
  throw new Error(`A document has no text in its field ${name}.`);
}

/** @throws Error - a document that its projection does not write: a fault of the program */
export function textOrNull(fields: DocumentFields, name: string): string | null {
  return fields[name] === null ? null : text(fields, name);
}

/** What a caller has said of something, as its document keeps it: texts by name. */
export function metadataOrNull(fields: DocumentFields, name: string): Metadata | null {
  const value = fields[name];
  if (value === null) return null;
  if (isMetadata(value)) return value;
  throw new Error(`A document has no texts by name in its field ${name}.`);
}

/** @throws Error - a document that its projection does not write: a fault of the program */
export function integer(fields: DocumentFields, name: string): bigint {
  const value = fields[name];
  if (typeof value === 'bigint') return value;
  throw new Error(`A document has no integer in its field ${name}.`);
}

/** @throws Error - a document that its projection does not write: a fault of the program */
export function sealed(fields: DocumentFields, name: string): Sealed {
  const value = fields[name];
  if (isSealedField(value)) return value;
  throw new Error(`A document has nothing sealed in its field ${name}.`);
}

/** @throws Error - a document that its projection does not write: a fault of the program */
export function sealedOrNull(fields: DocumentFields, name: string): Sealed | null {
  return fields[name] === null ? null : sealed(fields, name);
}

/** Copies a seal: what else an event carries is not taken into the document. */
export function sealedField({ subject, event, cipher }: Sealed): SealedField {
  return { subject, event, cipher };
}

function isMetadata(value: FieldValue | undefined): value is Metadata {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((each) => typeof each === 'string');
}

function isSealedField(value: FieldValue | undefined): value is SealedField {
  return (
    typeof value === 'object' && value !== null && 'subject' in value && 'event' in value && 'cipher' in value
  );
}
