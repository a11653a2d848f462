import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** PEM texts. */
export interface TestCertificates {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** A certificate for 127.0.0.1 and localhost, and the authority that vouches for it; both made now, and good for a day. */
export function makeCertificates(): TestCertificates {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signedBy = authority.privateKey;
  return {
    authority: certificate({
      subject: 'test authority',
      of: authority.publicKey,
      signedBy,
      extensions: [IS_AUTHORITY],
    }),
    certificate: certificate({ subject: 'test server', of: server.publicKey, signedBy, extensions: [NAMES] }),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

interface Wanted {
  readonly subject: string;
  readonly of: KeyObject;
  readonly signedBy: KeyObject;
  readonly extensions: readonly Buffer[];
}

// X.509 in DER: RFC 5280.

function certificate({ subject, of, signedBy, extensions }: Wanted): string {
  const body = sequence(
    der(0xa0, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.from([subject.length])),
    ECDSA_SHA256,
    nameOf('test authority'),
    sequence(time(-1), time(1)),
    nameOf(subject),
    of.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, signedBy);
  const whole = sequence(body, ECDSA_SHA256, der(BIT_STRING, Buffer.from([0]), signature));
  return `-----BEGIN CERTIFICATE-----\n${whole.toString('base64')}\n-----END CERTIFICATE-----\n`;
}

const [BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OBJECT_ID, UTF8, TIME] = [1, 2, 3, 4, 6, 12, 24] as const;

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(length)]), content]);
}

/** As few as will do: less than 64 KB. */
function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function objectId(hex: string): Buffer {
  return der(OBJECT_ID, Buffer.from(hex, 'hex'));
}

function nameOf(text: string): Buffer {
  return sequence(der(0x31, sequence(objectId('550403'), der(UTF8, Buffer.from(text)))));
}

function time(days: number): Buffer {
  const at = new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString();
  return der(TIME, Buffer.from(`${at.slice(0, 19).replaceAll(/\D/g, '')}Z`));
}

const ECDSA_SHA256 = sequence(objectId('2a8648ce3d040302'));
const YES = der(BOOLEAN, Buffer.from([0xff]));
const IS_AUTHORITY = sequence(objectId('551d13'), YES, der(OCTET_STRING, sequence(YES)));
const NAMES = sequence(
  objectId('551d11'),
  der(OCTET_STRING, sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])))),
);
