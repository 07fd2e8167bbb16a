import type { LocalisedText } from '@netcert/protocol'
import { createHash } from 'node:crypto'
import { text } from '../finding.js'

/** One purpose: which data, what for, how long, and where it comes from. */
export type Purpose = {
  readonly id: string
  readonly purpose: LocalisedText
  readonly processed: LocalisedText
  readonly kept: LocalisedText
}

/** What a citizen is shown before anything is asked for. */
export type Purposes = {
  readonly title: string
  readonly version: number
  readonly introduction: LocalisedText
  readonly purposes: readonly Purpose[]
}

/** The purposes in force. A change of any word is a new version, and asks for consent anew. */
export const PURPOSES: Purposes = {
  title: 'netcert: what an application for network certificates processes, and why',
  version: 1,
  introduction: text(
    '申请网络身份凭证是自愿的。以下列出全部处理的个人信息、目的和保存期限；除此之外不收集任何信息。申请在签发前可随时撤回，签发后可随时注销。',
    'Applying for network certificates is voluntary. Below is all that is processed, what for and for how long; nothing else is collected. You can withdraw at any time before a certificate is issued, and cancel at any time after.',
  ),
  purposes: [
    {
      id: 'identify',
      purpose: text(
        '在权威数据源中找到您，并确认申请由您本人提出。',
        'To find you in the authentic source, and to make sure that it is you who applies.',
      ),
      processed: text(
        '证件类型和号码、姓名、出生日期。',
        'Type and number of a document, name, birth date.',
      ),
      kept: text(
        '加密保存，至申请有决定或撤回为止，最多三十日。',
        'Encrypted, until the application is decided or withdrawn, 30 days at most.',
      ),
    },
    {
      id: 'evidence',
      purpose: text(
        '按所申请的级别核验：证件芯片、手机验证码、现场或远程核验（可含人脸）、联系人或监护人确认。',
        'To check at the level you ask for: document chip, phone code, presence at a counter or a provider (with your face if you choose), a contact or guardian.',
      ),
      processed: text(
        '芯片数据、验证码、核验方声明、联系人或监护人的凭证。人脸图像不进入本系统。',
        'Chip data, the code, the word of the provider, the certificate of a contact or guardian. No image of a face is kept here.',
      ),
      kept: text(
        '不保存；只记录核验种类、结果和时间，随申请记录删除。',
        'Not kept; only which check passed and when, and that goes with the application.',
      ),
    },
    {
      id: 'certificate',
      purpose: text(
        '生成网络号并签发网络身份凭证。',
        'To draw your network number and to issue network certificates.',
      ),
      processed: text(
        '权威数据源中的证件类型和号码、姓名、性别、出生日期、国籍、居住地区、有无已验证手机、监护关系。',
        'From the authentic source: document type and number, name, sex, birth date, nationality, region, whether a phone is verified, guardians.',
      ),
      kept: text(
        '加密保存至您注销；注销后仅保留匿名的撤销标记，以及冷静期内一个不含身份信息的加密标签。',
        'Encrypted, until you cancel; then only anonymous revocation marks stay and, for the cool-down, a keyed tag that names nobody.',
      ),
    },
    {
      id: 'consent',
      purpose: text('证明您同意了什么。', 'To show what you consented to.'),
      processed: text(
        '本说明的摘要、所用语言、时间。',
        'The digest of this text, the language it was read in, the time.',
      ),
      kept: text('至您注销。', 'Until you cancel.'),
    },
    {
      id: 'audit',
      purpose: text(
        '对工作人员的操作留痕，防止滥用。',
        'To keep a record of what operators did, against abuse.',
      ),
      processed: text(
        '申请的随机编号、步骤、结果代码、时间；不含个人信息。',
        'A random reference of the application, steps, codes and times; nothing about you.',
      ),
      kept: text('按审计日志的期限。', 'As long as the audit log is kept.'),
    },
  ],
}

/** The text of `schemas/purposes.json`. */
export function purposesDocument(): string {
  return `${JSON.stringify(PURPOSES, null, 2)}\n`
}

/** What a consent names the purposes by: base64url SHA-256 of the bytes of `schemas/purposes.json`. */
export function purposesDigest(): string {
  return createHash('sha256').update(purposesDocument(), 'utf8').digest('base64url')
}

/** The purposes in force, and the digest a consent names them by. */
export type ApplicationPurposes = { readonly document: Purposes; readonly digest: string }

/** What is shown before anything is asked for; needs no data folder. */
export function applicationPurposes(): ApplicationPurposes {
  return { document: PURPOSES, digest: purposesDigest() }
}
