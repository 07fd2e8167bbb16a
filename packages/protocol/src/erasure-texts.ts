import type { LocalisedText } from './display-text.js'
import type { ErasedClass, KeptClass } from './erasure-receipt.js'

/** What was deleted, as people read it. */
export const ERASED_TEXTS: Readonly<Record<ErasedClass, LocalisedText>> = {
  person: { 'zh-CN': '网证登记（姓名、证件、网号）', en: 'Your enrolment: name, document, number' },
  documents: { 'zh-CN': '证件查找标记', en: 'Marks by which your documents were found' },
  applications: { 'zh-CN': '申请', en: 'Applications' },
  grants_and_tokens: { 'zh-CN': '登录、授权与令牌', en: 'Sign-ins, grants and tokens' },
  login_codes: { 'zh-CN': '登录验证码', en: 'Login codes' },
  offers: { 'zh-CN': '领取邀请', en: 'Offers' },
  deferred_issuances: { 'zh-CN': '延后签发', en: 'Issuances that were put off' },
  notifications: { 'zh-CN': '签发通知', en: 'Notifications of issuance' },
  presence_checks: { 'zh-CN': '到场核验记录', en: 'Presence checks' },
  devices: { 'zh-CN': '设备', en: 'Devices' },
  revocation_codes: { 'zh-CN': '停用码', en: 'Revocation codes' },
  recovery_contacts: { 'zh-CN': '恢复联系人', en: 'Recovery contacts' },
  guardianship: { 'zh-CN': '监护与移交记录', en: 'Guardianship and handovers' },
}

/** What stays and why, as people read it. */
export const KEPT_TEXTS: Readonly<Record<KeptClass, LocalisedText>> = {
  status_entries: {
    'zh-CN': '状态列表中的匿名撤销位：已无法知道属于谁',
    en: 'Anonymous revoked places on status lists: nobody can tell whose they were',
  },
  copies_without_status: {
    'zh-CN': '不带状态的副本：无法撤销，到期自动失效',
    en: 'Copies without a status: they cannot be revoked and end by themselves',
  },
  cool_down: {
    'zh-CN': '加密标记与密封盐值：冷静期内重新申领不会在平台产生第二个账号',
    en: 'A keyed tag and a sealed salt: coming back within the wait is no second account anywhere',
  },
  receipt: {
    'zh-CN': '本回执（密封）：再次请求时给出同一回执',
    en: 'This receipt, sealed: whoever asks again gets the same one',
  },
  audit_entries: {
    'zh-CN': '审计记录：只记事件与时间，不含个人信息',
    en: 'Audit entries: what was done and when, with nothing about you',
  },
}
