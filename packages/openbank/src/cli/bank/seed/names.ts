/** Of persons who do not exist. */
export const FIRST_NAMES = {
  FEMALE: [
    'Alice',
    'Amina',
    'Chiara',
    'Emma',
    'Freya',
    'Hana',
    'Ingrid',
    'Leila',
    'Maria',
    'Nadia',
    'Sofia',
    'Yuki',
  ],
  MALE: ['Adam', 'Ben', 'Diego', 'Erik', 'Hugo', 'Jonas', 'Kenji', 'Liam', 'Marco', 'Noah', 'Omar', 'Paul'],
  OTHER: ['Alex', 'Charlie', 'Kim', 'Robin', 'Sam', 'Sasha'],
} as const;

export const LAST_NAMES = [
  ...['Andersson', 'Bauer', 'Costa', 'Dubois', 'Evans', 'Ferrari', 'Garcia', 'Haddad', 'Ivanova', 'Jansen'],
  ...['Keller', 'Lopez', 'Meyer', 'Nielsen', 'Okafor', 'Petrov', 'Rossi', 'Sato', 'Tanaka', 'Weber'],
] as const;

export const STREETS = [
  'Main Street',
  'Station Road',
  'Park Lane',
  'Mill Lane',
  'High Street',
  'Elm Street',
] as const;

/** Where somebody lives, and in what money. */
export interface Home {
  readonly country: string;
  readonly city: string;
  readonly zip_code: string;
  readonly state: string | null;
  readonly currency: string;
  /** Amounts are so many times as high as in dollars. */
  readonly priceLevel: number;
}

export const HOMES: readonly Home[] = [
  { country: 'US', city: 'Springfield', zip_code: '62704', state: 'IL', currency: 'USD', priceLevel: 1 },
  { country: 'DE', city: 'Hamburg', zip_code: '20095', state: null, currency: 'EUR', priceLevel: 1 },
  { country: 'GB', city: 'York', zip_code: 'YO1 7HH', state: null, currency: 'GBP', priceLevel: 0.8 },
  { country: 'JP', city: 'Kyoto', zip_code: '600-8216', state: null, currency: 'JPY', priceLevel: 150 },
];

export const SHOPS = [
  ...[
    'Bakery',
    'Bookshop',
    'Cinema',
    'Coffee bar',
    'Garden centre',
    'Grocery',
    'Hairdresser',
    'Hardware store',
  ],
  ...['Market hall', 'Music store', 'Pharmacy', 'Restaurant', 'Shoe shop', 'Supermarket', 'Train tickets'],
] as const;
