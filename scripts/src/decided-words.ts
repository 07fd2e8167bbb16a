import type { ConsentHint, PreviewState, ShownBefore, ShownVerifier } from '@netcert/wallet'
import type { Language } from './invocation.js'

/** Words of the consent screen, in both languages. */
type Words = { readonly 'zh-CN': string; readonly en: string }

/** Labels at the left of the screen; padded there. */
export const labels = {
  askedBy: { 'zh-CN': '请求方', en: 'Asked by' },
  as: { 'zh-CN': '标识', en: 'as' },
  host: { 'zh-CN': '网站', en: 'at' },
  at: { 'zh-CN': '发证方', en: 'issuer' },
  known: { 'zh-CN': '身份', en: 'known' },
  says: { 'zh-CN': '自称', en: 'says' },
  purpose: { 'zh-CN': '用途', en: 'purpose' },
  basis: { 'zh-CN': '依据', en: 'basis' },
  keeps: { 'zh-CN': '保存', en: 'keeps' },
  before: { 'zh-CN': '以前', en: 'before' },
  privacy: { 'zh-CN': '隐私', en: 'privacy' },
  state: { 'zh-CN': '状态', en: 'state' },
  shares: { 'zh-CN': '出示', en: 'shares' },
  optional: { 'zh-CN': '可选', en: 'optional' },
  withheld: { 'zh-CN': '不给', en: 'withheld' },
  identity: { 'zh-CN': '明文', en: 'identity' },
  instead: { 'zh-CN': '可改给', en: 'instead' },
  other: { 'zh-CN': '其他', en: 'or else' },
  approves: { 'zh-CN': '授权', en: 'approves' },
  about: { 'zh-CN': '为谁', en: 'about' },
  limit: { 'zh-CN': '上限', en: 'at most' },
  until: { 'zh-CN': '有效至', en: 'until' },
} as const satisfies Record<string, Words>

/** How a verifier is known that nobody accredited. */
export const proofs: Readonly<Record<ShownVerifier['proof'], Words>> = {
  unsigned: {
    'zh-CN': '未知：没有任何东西证明请求方是谁，没有登记机构为其担保',
    en: 'unknown: nothing proves who asks; no registrar vouches for it',
  },
  key: {
    'zh-CN': '未知：只有密钥可查，没有登记机构为其担保',
    en: 'unknown: by its key only; no registrar vouches for it',
  },
  certificate: {
    'zh-CN': '有证书，但没有登记机构为其担保',
    en: 'by certificate; no registrar vouches for it',
  },
  attestation: {
    'zh-CN': '有证明，但没有登记机构为其担保',
    en: 'attested; no registrar vouches for it',
  },
}

/** What a citizen should know before saying yes. */
export const hintWords: Readonly<Record<ConsentHint, Words>> = {
  reveals_identity: {
    'zh-CN': '这会以明文说明您是谁。',
    en: 'This says in plain words who you are.',
  },
  reveals_number: {
    'zh-CN': '凭这个编号可以把您在该处的多次访问联系起来。',
    en: 'By this number your visits can be linked.',
  },
  last_copy: { 'zh-CN': '这是最后一份。', en: 'This is the last copy.' },
  ties_platform_copy: {
    'zh-CN': '这一份从此只能用于该平台。',
    en: 'This copy would from now on be for this platform only.',
  },
  rare_combination: {
    'zh-CN': '同时符合这些事实的人很少：即使没有姓名，也可能认出您。',
    en: 'Few people share these facts: they may tell who you are without a name.',
  },
  same_minute: {
    'zh-CN': '一分钟内您刚向别处出示过：对照时间可能把两次联系起来。过一会儿再出示更好。',
    en: 'You showed something elsewhere within this minute: the times could be joined. Better wait.',
  },
  paused: {
    'zh-CN': '这张凭证已暂停：对方核对状态时会拒绝。',
    en: 'This certificate is paused: whoever looks its status up refuses it.',
  },
}

/** What the registrar could not say. */
export const accreditationWords = {
  unchecked: {
    'zh-CN': '手头没有登记机构的最新撤销清单，登记可能已被撤销。',
    en: 'No current list of the registrar is at hand: the registration may have been taken back.',
  },
  mixed_script: {
    'zh-CN': '名称混用了不同文字，请仔细看是否冒充别人。',
    en: 'The name mixes scripts: look twice whether it imitates another one.',
  },
  look_alike: {
    'zh-CN': '名称使用了形似拉丁字母的其他文字，请仔细看是否冒充别人。',
    en: 'The name uses letters that only look Latin: it may imitate another one.',
  },
  storesRaw: {
    'zh-CN': '该平台获准保存您出示的内容本身。',
    en: 'It may store what you show as it is.',
  },
} as const satisfies Record<string, Words>

/** Questions that are answered with yes or no. */
export const questions = {
  share: { 'zh-CN': '出示这些？', en: 'Share this?' },
  shareAll: { 'zh-CN': '连同可选部分一起出示？', en: 'Share it all, the optional part too?' },
  refill: { 'zh-CN': '先补领新的再出示？', en: 'Fetch new copies to answer?' },
  platformCopy: {
    'zh-CN': '先为该平台领取专用的一份？发证方不知道是哪个平台。',
    en: 'Fetch a copy for this platform first? The issuer does not learn which platform it is.',
  },
  presence: {
    'zh-CN': '您已在发证方完成本人在场核验？',
    en: 'Have you been through the presence check at the issuer?',
  },
  ward: { 'zh-CN': '是为这个孩子吗？', en: 'Is it about this child?' },
  identity: {
    'zh-CN': '单独同意：以明文告诉该平台以上身份信息？',
    en: 'Separately: tell this platform the identity above in plain words?',
  },
} as const satisfies Record<string, Words>

const states: Readonly<Partial<Record<PreviewState, Words>>> = {
  needs_refill: { 'zh-CN': '没有可用的份数，需要补领', en: 'no copy is left, new ones come first' },
  needs_platform_copy: {
    'zh-CN': '需要先领取该平台专用的一份',
    en: 'a copy for this platform has to be fetched first',
  },
  needs_presence: {
    'zh-CN': '需要先到发证方完成本人在场核验，再出示',
    en: 'first go through a presence check at the issuer, then answer',
  },
  needs_identity_consent: {
    'zh-CN': '要求明文身份信息，需要您单独同意',
    en: 'asks for plain identity: that needs a yes of its own',
  },
  needs_ward: {
    'zh-CN': '您持有多个孩子的凭证，请先说明是为哪一个',
    en: 'you hold certificates for several children: say which one it is about',
  },
  unanswerable: { 'zh-CN': '这里没有可以出示的', en: 'nothing here may answer' },
}

/** What the screen is about; a refusal by its code. */
export function stateWords(state: PreviewState, language: Language): string {
  return states[state]?.[language] ?? state
}

/** A legal basis in words; an article stands as the registrar wrote it. */
export function basisWords(basis: string, language: Language): string {
  if (basis === 'none')
    return language === 'en' ? 'none: facts and its own number' : '无：仅事实与专用编号'
  if (basis === 'consent') return language === 'en' ? 'your separate consent' : '您的单独同意'
  return basis.slice('law:'.length)
}

/** How long something is kept. */
export function retentionWords(seconds: number, language: Language): string {
  const days = Math.ceil(seconds / 86_400)
  if (seconds === 0) return language === 'en' ? 'nothing' : '不保存'
  return language === 'en' ? `at most ${days} days` : `最多 ${days} 天`
}

/** How often somebody got something before, and when last. */
export function beforeWords({ times, last }: ShownBefore, language: Language): string {
  if (last === null) {
    return language === 'en' ? 'never: this is the first time' : '没有：这是第一次'
  }
  const day = last.toISOString().slice(0, 10)
  if (language === 'zh-CN') return `${times} 次，上次 ${day}；这是第 ${times + 1} 次`
  return `${times === 1 ? 'once' : `${times} times`}, last on ${day}`
}
