/** Requests at once. */
export const CONCURRENCY = { minimum: 1, default: 4, maximum: 64 } as const;

/** Rows that may fail before the run ends. */
export const MAX_ERRORS = { minimum: 1, default: null, maximum: 999_999_999 } as const;
