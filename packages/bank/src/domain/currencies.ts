/**
 * The currencies of ISO 4217 by their digits after the decimal point (its "minor unit").
 *
 * Source: ISO 4217 "list one" of its maintenance agency (SIX Group), published 2024-06-25, and the amendments 176 to
 * 180 since (XCG for ANG, ZWG for ZWL, CUC gone, XAD, BGN gone). Left out are the codes that it gives no minor unit
 * for: precious metals, drawing rights, testing, "no currency".
 *
 * The table is ours and not a library's or the runtime's because a ledger stands on it: the digits of a currency that
 * amounts were ever recorded in must never change with an update. `Intl` is no source at all: it follows CLDR, whose
 * digits are those of daily use and differ for 16 of these currencies (HUF none, ISO two; IQD none, ISO three).
 *
 * Never remove a currency or change its digits. Once one is withdrawn, refuse it at opening and keep it here.
 */
const CODES_BY_DIGITS: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
    COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR
    IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD
    NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP
    SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const DIGITS: ReadonlyMap<string, number> = new Map(
  Object.entries(CODES_BY_DIGITS).flatMap(([digits, codes]) =>
    codes.split(/\s+/).map((code) => [code, Number(digits)] as const),
  ),
);

/** Every currency code that the bank knows. */
export const currencyCodes: readonly string[] = [...DIGITS.keys()].sort();

/** Whether it is an ISO 4217 code that money can be kept in, in capitals: `USD`. */
export function isCurrency(code: string): boolean {
  return DIGITS.has(code);
}

/**
 * Digits after the decimal point.
 *
 * @throws RangeError - not a currency. A fault of the program: a request's currency is checked with `isCurrency`.
 */
export function minorDigits(currency: string): number {
  const digits = DIGITS.get(currency);
  if (digits === undefined) throw new RangeError(`${currency} is not a currency of ISO 4217.`);
  return digits;
}
