/** Forgets what is kept for a time only, once that time is over. */
export type ExpiredRecords = { readonly forget: () => Promise<void> }
