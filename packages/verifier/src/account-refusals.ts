/** Why an account is not opened, and what of it can be done. */
export type AccountErrorCode =
  /** Nobody is signed in, or the session has ended. */
  | 'sign_in_required'
  /** The platform's staff did not show the secret of its own route. */
  | 'staff_unauthorised'
  /** A page of somebody else sent the request. */
  | 'cross_site'
  /** The certificate opens no account here, and the platform makes none for it. */
  | 'account_unknown'
  /** The account is closed until its owner is seen again, or staff releases it. */
  | 'account_flagged'
  | 'account_not_flagged'
  /** The certificate opens another account, or another certificate opens this one. */
  | 'account_linked_elsewhere'
  /** As many appeals as may wait do wait. */
  | 'appeal_pending'

/** The kinds of them that nothing else has. */
export type AccountRefusalKind =
  | 'signed_out'
  | 'account_unknown'
  | 'account_flagged'
  | 'account_taken'
  | 'appeal_waiting'

/** The kind of each code. */
export const accountRefusalKinds = {
  sign_in_required: 'signed_out',
  staff_unauthorised: 'signed_out',
  cross_site: 'not_yours',
  account_unknown: 'account_unknown',
  account_flagged: 'account_flagged',
  account_not_flagged: 'account_taken',
  account_linked_elsewhere: 'account_taken',
  appeal_pending: 'appeal_waiting',
} as const satisfies Readonly<Record<AccountErrorCode, AccountRefusalKind | 'not_yours'>>

type Told = { readonly what: string; readonly cure: string }

/** What is said of each kind. */
export const accountSentences: Readonly<
  Record<AccountRefusalKind, Readonly<Record<'zh-CN' | 'en', Told>>>
> = {
  signed_out: {
    en: { what: 'Nobody is signed in here.', cure: 'Sign in, then try again.' },
    'zh-CN': { what: '尚未登录或登录已结束。', cure: '请登录后重试。' },
  },
  account_unknown: {
    en: {
      what: 'There is no account for this certificate.',
      cure: 'Register with the platform first, or sign in as before and link the certificate.',
    },
    'zh-CN': { what: '该凭证没有对应的账户。', cure: '请先注册，或用原有方式登录后关联凭证。' },
  },
  account_flagged: {
    en: {
      what: 'The account is closed for now because something about it was unusual.',
      cure: 'Prove that you are present, use one of the other ways that are named, or object.',
    },
    'zh-CN': {
      what: '账户出现异常，已暂时限制登录。',
      cure: '请完成本人在场验证，或选择所列的其他方式，也可以提出申诉。',
    },
  },
  account_taken: {
    en: {
      what: 'The account is not in the state that this needs.',
      cure: 'Unlink the other certificate first; where nothing is flagged, just sign in.',
    },
    'zh-CN': {
      what: '账户当前状态不允许此操作。',
      cure: '请先解除与另一凭证的关联；账户未被限制时直接登录即可。',
    },
  },
  appeal_waiting: {
    en: { what: 'Your appeal was recorded before.', cure: 'Wait for the answer of the platform.' },
    'zh-CN': { what: '您的申诉已记录。', cure: '请等待平台答复。' },
  },
}
