import type { LoginLanguage } from '../as-login-texts.js'

/** Every sentence of the page where certificates are paused or revoked by a code, and of its paper. */
export type RevocationTexts = {
  readonly title: string
  readonly lead: string
  readonly code: string
  readonly form: string
  readonly suspend: string
  readonly suspendNote: string
  readonly revoke: string
  readonly revokeNote: string
  readonly mistyped: string
  readonly busy: string
  readonly doneTitle: string
  readonly suspended: string
  readonly revoked: string
  readonly unsure: string
  readonly again: string
  /** On the paper that the code is printed on. */
  readonly paperTitle: string
  readonly paperLead: string
}

const CHINESE: RevocationTexts = {
  title: '手机丢失？停用您的凭证',
  lead: '请输入登记时打印的停用码。无需手机，也无需登录。',
  code: '停用码',
  form: '二十个字符，每五个一组；大小写和空格均可。',
  suspend: '暂停',
  suspendNote: '暂停：您的全部凭证暂时失效，直到您到签发机构恢复。停用码仍可使用。',
  revoke: '永久吊销',
  revokeNote: '永久吊销：您的全部凭证和设备立即终止，无法撤回。之后可重新领取，各平台账号不变。',
  mistyped: '停用码输入有误：有字符错误或缺失。请与打印件核对后重试。',
  busy: '尝试次数过多，请一小时后再试，或直接联系签发机构。',
  doneTitle: '已收到',
  suspended: '如果停用码正确，其全部凭证现已暂停，平台将在下次更新名单后拒绝它们。',
  revoked: '如果停用码正确，其全部凭证和设备现已永久吊销，平台将在下次更新名单后拒绝它们。',
  unsure: '此页面对任何停用码都作同样的回答。如不确定，请直接联系签发机构。',
  again: '返回',
  paperTitle: '停用码（请与手机分开保管）',
  paperLead: '手机丢失时，在以下页面输入此码即可暂停或吊销全部凭证。此码只显示这一次。',
}

const ENGLISH: RevocationTexts = {
  title: 'Lost your phone? Stop your certificates',
  lead: 'Enter the revocation code that was printed when you enrolled. No phone and no login is needed.',
  code: 'Revocation code',
  form: 'Twenty characters in groups of five; capitals and spaces do not matter.',
  suspend: 'Pause',
  suspendNote:
    'Pause: all your certificates stop working until you take it back at the issuer. The code stays good.',
  revoke: 'Revoke for good',
  revokeNote:
    'Revoke: all your certificates and devices end now and cannot be brought back. You can enrol a new phone afterwards; your accounts at platforms stay.',
  mistyped: 'The code is mistyped: a character is wrong or missing. Compare it with the paper.',
  busy: 'Too many tries. Wait an hour, or contact the issuer directly.',
  doneTitle: 'Received',
  suspended:
    'If the code is right, all its certificates are paused now. Platforms refuse them from their next lists on.',
  revoked:
    'If the code is right, all its certificates and devices are revoked now. Platforms refuse them from their next lists on.',
  unsure:
    'This page answers the same for every code. If you are not sure, contact the issuer directly.',
  again: 'Back',
  paperTitle: 'Revocation code (keep it apart from the phone)',
  paperLead:
    'When the phone is lost, enter this code at the page below to pause or revoke all certificates. It is shown this once.',
}

/** The words, complete in each language. */
export const REVOCATION_TEXTS: Readonly<Record<LoginLanguage, RevocationTexts>> = {
  'zh-CN': CHINESE,
  en: ENGLISH,
}
