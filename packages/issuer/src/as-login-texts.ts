export type LoginLanguage = 'zh-CN' | 'en'

/** Every sentence of the login pages, in both languages: the compiler sees to that. */
export type LoginTexts = {
  readonly other: { readonly language: LoginLanguage; readonly label: string }
  readonly loginTitle: string
  readonly loginLead: string
  readonly documentNumber: string
  readonly name: string
  readonly sendCode: string
  readonly codeTitle: string
  readonly codeLead: string
  readonly code: string
  readonly check: string
  readonly wrongCode: string
  readonly codeSpent: string
  readonly codesSpent: string
  readonly anew: string
  readonly consentTitle: string
  readonly consentLead: string
  readonly wallet: string
  readonly unknownWallet: string
  readonly returnsTo: string
  readonly certificates: string
  readonly consentNote: string
  readonly agree: string
  readonly refuse: string
  readonly notYours: string
  readonly noWards: string
  readonly endedTitle: string
  readonly endedLead: string
  readonly busy: string
}

const CHINESE: LoginTexts = {
  other: { language: 'en', label: 'English' },
  loginTitle: '登录以领取凭证',
  loginLead: '请填写您的证件号码和姓名，随后您会收到一次性验证码。',
  documentNumber: '证件号码',
  name: '姓名',
  sendCode: '发送验证码',
  codeTitle: '输入验证码',
  codeLead: '如果填写的信息与登记信息一致，验证码已发出，五分钟内有效。',
  code: '六位验证码',
  check: '继续',
  wrongCode: '验证码不正确，请重试。',
  codeSpent: '该验证码已失效，请重新获取。',
  codesSpent: '验证码次数已用完，请回到凭证夹重新开始。',
  anew: '重新填写',
  consentTitle: '向这个凭证夹签发凭证？',
  consentLead: '同意后，下列凭证将签发到请求它们的凭证夹。',
  wallet: '凭证夹',
  unknownWallet: '未经认证的凭证夹，自称：',
  returnsTo: '完成后返回',
  certificates: '凭证',
  consentNote: '只有当您自己刚刚在凭证夹中发起请求时才应同意。',
  agree: '同意签发',
  refuse: '拒绝',
  notYours: '此邀请是发给另一个人的，无法用您的身份领取。',
  noWards: '登记信息中没有由您监护、可领取此凭证的未成年人。',
  endedTitle: '此页面已失效',
  endedLead: '请回到凭证夹重新开始。',
  busy: '请求过于频繁，请稍后再试。',
}

const ENGLISH: LoginTexts = {
  other: { language: 'zh-CN', label: '中文' },
  loginTitle: 'Log in to receive certificates',
  loginLead: 'Enter your document number and your name. You then receive a one-time code.',
  documentNumber: 'Document number',
  name: 'Name',
  sendCode: 'Send code',
  codeTitle: 'Enter the code',
  codeLead: 'If what you entered is on record, a code is on its way. It is good for five minutes.',
  code: 'Six-digit code',
  check: 'Continue',
  wrongCode: 'That code is wrong. Try again.',
  codeSpent: 'That code is no longer good. Ask for another one.',
  codesSpent: 'No more codes are sent here. Go back to your wallet and begin again.',
  anew: 'Enter again',
  consentTitle: 'Issue certificates to this wallet?',
  consentLead: 'If you agree, these certificates are issued to the wallet that asks for them.',
  wallet: 'Wallet',
  unknownWallet: 'A wallet nobody vouches for; it calls itself: ',
  returnsTo: 'Takes you back to',
  certificates: 'Certificates',
  consentNote: 'Agree only if you have just asked for this in your own wallet.',
  agree: 'Agree',
  refuse: 'Refuse',
  notYours: 'This offer is for somebody else and cannot be taken up by you.',
  noWards: 'You are on record as guardian of nobody whom these certificates can be about.',
  endedTitle: 'This page has ended',
  endedLead: 'Go back to your wallet and begin again.',
  busy: 'Too many requests. Try again later.',
}

/** The words of all pages, complete in each language. */
export const LOGIN_TEXTS: Readonly<Record<LoginLanguage, LoginTexts>> = {
  'zh-CN': CHINESE,
  en: ENGLISH,
}

/** The language of a person: what they chose, else what the browser prefers, else Chinese. */
export function loginLanguage(chosen: unknown, preferred: string | undefined): LoginLanguage {
  if (chosen === 'en' || chosen === 'zh-CN') return chosen
  for (const range of (preferred ?? '').slice(0, 200).split(',')) {
    const tag = range.split(';')[0]?.trim().toLowerCase() ?? ''
    if (tag === 'zh' || tag.startsWith('zh-')) return 'zh-CN'
    if (tag === 'en' || tag.startsWith('en-')) return 'en'
  }
  return 'zh-CN'
}
