/** placeholder */
export const DICTIONARY: string = '{"alg":"ES256","typ":"dc+sd-jwt"}'
