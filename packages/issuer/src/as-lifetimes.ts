/** How long things of the authorization server last, in seconds. */
export const LIFETIMES = {
  /** OpenID4VCI §13.10: short, because a stolen one is of use until then. */
  accessToken: 300,
  /** FAPI 2.0 §5.3.2.1: at most a minute. */
  authorizationCode: 60,
  /** Time to log in and to decide. */
  interaction: 600,
  session: 600,
  /** A wallet that asks for nothing for so long has to ask the person again. */
  refreshToken: 60 * 86_400,
  /** However often it is refreshed, a consent ends. */
  grant: 180 * 86_400,
} as const

/** Paths below the issuer identifier. */
export const AS_ROUTES = { authorization: '/authorize', par: '/par', token: '/token' } as const

/** Names of the cookies; each has a signature beside it, under its name and `.sig`. */
export const COOKIES = {
  session: 'as_session',
  interaction: 'as_login',
  resume: 'as_resume',
} as const
