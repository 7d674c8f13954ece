/** Header fields in the order they came, duplicates kept. */
export type HeaderList = readonly (readonly [name: string, value: string])[];
