import { shared } from './protocol.ts';

const HEX = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;
const NIL = '00000000-0000-0000-0000-000000000000';

/** The id as text in lower case, from either form of the protocol; empty where there is none. */
export const readUuid = (uuid: shared.UUID | undefined): string => {
  const halves = uuid?.getStructured();
  if (halves === undefined) return (uuid?.getString() ?? '').toLowerCase();
  const high = toHex(halves.getMostSignificantBits());
  const low = toHex(halves.getLeastSignificantBits());
  return [high.slice(0, 8), high.slice(8, 12), high.slice(12), low.slice(0, 4), low.slice(4)].join('-');
};

/** Whether a text is a UUID that the server takes for a record: in either case, and not nil. */
export const isRecordId = (text: string): boolean => HEX.test(text.toLowerCase()) && text !== NIL;

/** The id in the form that the client asked for. */
export const writeUuid = (id: string, structured: boolean): shared.UUID => {
  const uuid = new shared.UUID();
  if (!structured) return uuid.setString(id);
  const hex = id.replaceAll('-', '');
  const halves = new shared.UUID.Structured();
  halves.setMostSignificantBits(toSigned(hex.slice(0, 16)));
  halves.setLeastSignificantBits(toSigned(hex.slice(16)));
  return uuid.setStructured(halves);
};

const toHex = (bits: string): string => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0');

const toSigned = (hex: string): string => BigInt.asIntN(64, BigInt(`0x${hex}`)).toString();
