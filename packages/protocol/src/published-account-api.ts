import { z } from 'zod'
import { formBody, jsonAnswer, type Operation, type Paths } from './published-openapi.js'

/** What sign-in answers; see docs/formats/accounts.md. */
export const accountSchemas = {
  SignedIn: z.object({ account: z.string(), ends_at: z.int() }),
  SignedOut: z.object({ signed_out: z.literal(true) }),
  Unlinked: z.object({ unlinked: z.literal(true) }),
  Account: z.object({
    account: z.string(),
    created_at: z.int(),
    linked_at: z.int().nullable(),
    session_ends_at: z.int(),
  }),
  AppealForm: z.object({ text: z.string().min(1).max(2_000) }),
  Appeal: z.object({ appeal: z.string() }),
  // A Problem; of a flagged account also the ways out.
  SignInProblem: z.looseObject({
    error: z.string(),
    error_description: z.string(),
    code: z.string(),
    cure: z.string(),
    reason: z.string().optional(),
    re_authentication: z
      .object({
        query: z.string(),
        max_presence_age_seconds: z.int(),
        alternatives: z.array(z.object({ 'zh-CN': z.string(), en: z.string() })).min(1),
      })
      .optional(),
  }),
}

const refusals: Operation = {
  '4XX': jsonAnswer('Refused: `code` names the step that failed.', 'SignInProblem'),
  '503': jsonAnswer('Come back after Retry-After seconds.', 'SignInProblem'),
}

type Route = {
  readonly summary: string
  readonly answer: string
  readonly by: 'transaction' | 'session' | 'ticket' | 'ownLogin'
  readonly form?: string
  readonly status?: string
}

function operation({ summary, answer, by, form, status = '200' }: Route): Operation {
  return {
    summary,
    // The platform's own login is its own affair: nothing of it is known here.
    ...(by === 'ownLogin' ? {} : { security: [{ [by]: [] }] }),
    ...(form === undefined ? {} : formBody(form)),
    responses: { [status]: jsonAnswer('Done.', answer), ...refusals },
  }
}

/** The routes of `signIn`, for a platform's own pages; `netcert serve verifier` has none of them. */
export const accountPaths: Paths = {
  '/sign-in': {
    post: operation({
      ...{ summary: 'Begins a session of the account that the certificate opens' },
      ...{ answer: 'SignedIn', by: 'transaction' },
    }),
  },
  '/sign-out': {
    post: operation({ summary: 'Ends the session', answer: 'SignedOut', by: 'session' }),
  },
  '/account': {
    get: operation({ summary: 'Who is signed in', answer: 'Account', by: 'session' }),
  },
  '/link': {
    post: operation({
      ...{ summary: 'Lets the certificate open the account of the platform’s own login' },
      ...{ answer: 'SignedIn', by: 'ownLogin' },
    }),
  },
  '/unlink': {
    post: operation({
      ...{ summary: 'The certificate opens it no more', answer: 'Unlinked', by: 'ownLogin' },
    }),
  },
  '/re-authentication': {
    post: operation({
      ...{ summary: 'Releases a flagged account whose owner was seen', answer: 'SignedIn' },
      by: 'ticket',
    }),
  },
  '/appeal': {
    post: operation({
      ...{ summary: 'Records an objection to a flag', answer: 'Appeal', by: 'ticket' },
      ...{ form: 'AppealForm', status: '201' },
    }),
  },
}

/** The cookies of these routes. */
export const accountSecurity = {
  session: { type: 'apiKey', in: 'cookie', name: '__Host-netcert-account' },
  ticket: { type: 'apiKey', in: 'cookie', name: '__Host-netcert-account-ticket' },
} as const
