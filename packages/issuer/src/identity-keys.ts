/** Names of the keys that documents and network numbers are tagged with; the keys stand in no database. */
export const IDENTITY_KEY = 'netcert/issuer/identity/v1'
export const NETWORK_NUMBER_KEY = 'netcert/issuer/network-number/v1'
