import type { DecisionCode } from './minimum-necessity.js'

/** What each decision means, for the person it is made for. Complete: the compiler sees to it. */
const texts: Readonly<Record<DecisionCode, { readonly 'zh-CN': string; readonly en: string }>> = {
  unaccredited: {
    'zh-CN': '该网站没有登记，不能索取姓名、证件号码等身份信息。',
    en: 'This site is not registered: it cannot be given a name, a document number or the like.',
  },
  number_unaccredited: {
    'zh-CN': '该网站没有登记，不能获得任何编号。',
    en: 'This site is not registered: it is given no number of yours.',
  },
  accreditation_key: {
    'zh-CN': '该请求不是由登记的平台签名的：登记文件属于别人。',
    en: 'The request is not signed by the registered platform: the registration is somebody else’s.',
  },
  accreditation_malformed: {
    'zh-CN': '平台的登记文件无法读取。',
    en: 'The registration of the platform cannot be read.',
  },
  accreditation_untrusted: {
    'zh-CN': '平台的登记文件不是由信任列表中的登记机构签发的。',
    en: 'The registration of the platform comes from no registrar on the trust list.',
  },
  accreditation_signature: {
    'zh-CN': '平台的登记文件是伪造的或被改动过。',
    en: 'The registration of the platform is forged or was altered.',
  },
  accreditation_expired: {
    'zh-CN': '平台的登记已过期。',
    en: 'The registration of the platform has expired.',
  },
  accreditation_revoked: {
    'zh-CN': '登记机构已撤销该平台的登记。',
    en: 'The registrar has taken the platform’s registration back.',
  },
  accreditation_status: {
    'zh-CN': '无法查明该平台的登记是否已被撤销。',
    en: 'Whether the platform’s registration was taken back cannot be told.',
  },
  format_unregistered: {
    'zh-CN': '该平台没有登记索取这种格式的凭证。',
    en: 'The platform is not registered to ask for certificates of this format.',
  },
  type_unregistered: {
    'zh-CN': '该平台没有登记索取这种凭证。',
    en: 'The platform is not registered to ask for this kind of certificate.',
  },
  holder_binding_off: {
    'zh-CN': '该请求不要求证明凭证属于出示者，任何人都可以转用，因此不予答复。',
    en: 'The request does without the proof that the certificate is yours; it is not answered.',
  },
  claim_uncovered: {
    'zh-CN': '该平台没有登记索取这项信息。',
    en: 'The platform is not registered to ask for this.',
  },
  network_number_without_basis: {
    'zh-CN': '网号留在凭证夹里；没有法律依据或单独同意，该平台只能获得平台专用编号。',
    en: 'The network number stays in the wallet; without a legal basis there is a platform number.',
  },
  identity_without_basis: {
    'zh-CN': '该平台没有索取身份信息的法律依据，也没有登记征求单独同意。',
    en: 'The platform has no legal basis for asking who you are, nor for asking your consent to it.',
  },
  identity_known_platform: {
    'zh-CN': '该平台已凭平台专用编号认识您；没有法律规定或单独同意，不得再索取明文身份信息。',
    en: 'The platform knows you by your platform number: only a law or a separate consent allows more.',
  },
  values_probing: {
    'zh-CN': '该请求用猜测的值试探您的身份信息或编号，因此不予答复。',
    en: 'The request tries out values of your identity or numbers; it is not answered.',
  },
  too_many_claims: {
    'zh-CN': '加上过去二十四小时已出示的内容，该平台索取的信息超过其登记的数量。',
    en: 'With what it was shown in the last 24 hours the platform asks for more than it is registered for.',
  },
}

/** The sentence for a decision. Fixed text: nothing of the request stands in it. */
export function decisionText(code: DecisionCode, language: 'zh-CN' | 'en'): string {
  return texts[code][language]
}

/** Whether a text is the code of a decision. */
export function isDecisionCode(text: string): text is DecisionCode {
  return Object.hasOwn(texts, text)
}

/** All codes. */
export const decisionCodes = Object.keys(texts) as [DecisionCode, ...DecisionCode[]]
