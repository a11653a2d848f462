import { expect } from 'vitest';

/** What is answered of a transaction of which its caller has said nothing more. */
export const PLAIN_TRANSACTION = {
  reference: null,
  metadata: null,
  value_date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
  booked_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
  period: null,
  charged_for: null,
  reverses: null,
  reversed_by: null,
};
