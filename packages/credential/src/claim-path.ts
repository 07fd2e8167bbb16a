/**
 * Leads to claims in a certificate: a string names a member, a number is a position in an array,
 * `null` stands for every element (SD-JWT VC §5.6.1, OpenID4VP §7).
 */
export type ClaimPath = readonly (string | number | null)[]
