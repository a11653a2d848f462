import type { components } from './generated/openapi.ts';

/** What the bank takes and answers, by the names that the OpenAPI document gives it: `Schemas['Account']`. */
export type Schemas = components['schemas'];
