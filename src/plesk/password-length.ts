/** Characters of a generated password. */
export const PASSWORD_LENGTH = { minimum: 14, default: 20, maximum: 64 } as const;
