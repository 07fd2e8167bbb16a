import type { PackErrorCode } from '@netcert/protocol'

/** Why an offline pack is not taken in: what its form and maker are refused for, and what only a verifier judges. */
export type PackRefusalCode =
  | PackErrorCode
  /** Its trust list is not of the pinned root, nor of the one that root announced. */
  | 'pack_root'
  /** Its trust list has ended, seven days of grace included: nothing could be judged by it. */
  | 'pack_expired'
  /** One of its entries does not hold by its own signature or form. */
  | 'pack_entry'
  /** There is no such file, or it cannot be read. */
  | 'pack_unreadable'
  /** What lies in the folder of packs is not what was taken in. */
  | 'packs_damaged'

/** The kinds of them that nothing else has. */
export type PackRefusalKind =
  | 'pack_damaged'
  | 'pack_of_stranger'
  | 'pack_outdated'
  | 'pack_gap'
  | 'pack_ahead'
  | 'pack_absent'

/** The kind of each code. */
export const packRefusalKinds = {
  pack_malformed: 'pack_damaged',
  pack_too_large: 'pack_damaged',
  pack_hash: 'pack_damaged',
  pack_signature: 'pack_damaged',
  pack_entry: 'pack_damaged',
  packs_damaged: 'pack_damaged',
  pack_untrusted: 'pack_of_stranger',
  pack_root: 'pack_of_stranger',
  pack_revoked_key: 'pack_of_stranger',
  pack_key_window: 'pack_of_stranger',
  pack_other_issuer: 'pack_of_stranger',
  pack_older: 'pack_outdated',
  pack_expired: 'pack_outdated',
  pack_base: 'pack_gap',
  pack_from_future: 'pack_ahead',
  pack_unreadable: 'pack_absent',
} as const satisfies Readonly<Record<PackRefusalCode, PackRefusalKind>>

type Told = { readonly what: string; readonly cure: string }

/** What is said of each kind. */
export const packSentences: Readonly<
  Record<PackRefusalKind, Readonly<Record<'zh-CN' | 'en', Told>>>
> = {
  pack_damaged: {
    en: {
      what: 'The offline pack is damaged or was altered; nothing of it was taken in.',
      cure: 'Get it again from where it came. What was there before still counts.',
    },
    'zh-CN': {
      what: '离线包已损坏或被改动，未导入任何内容。',
      cure: '请从来源处重新获取。此前的内容仍然有效。',
    },
  },
  pack_of_stranger: {
    en: {
      what: 'The offline pack is not made by a key that counts under the pinned root.',
      cure: 'Get the newest pack from the issuer itself; compare the root identifier.',
    },
    'zh-CN': {
      what: '离线包并非由指定信任根认可的密钥制作。',
      cure: '请从签发机构获取最新的离线包，并核对信任根标识。',
    },
  },
  pack_outdated: {
    en: {
      what: 'The offline pack is older than what is at hand, or has ended.',
      cure: 'Get the newest pack.',
    },
    'zh-CN': { what: '离线包比现有内容更旧，或已失效。', cure: '请获取最新的离线包。' },
  },
  pack_gap: {
    en: {
      what: 'The offline pack only holds changes to a pack that is not at hand.',
      cure: 'Bring the packs between, in their order, or a full pack.',
    },
    'zh-CN': {
      what: '该离线包只包含相对于另一离线包的变化，而后者尚未导入。',
      cure: '请依次导入中间的离线包，或导入完整离线包。',
    },
  },
  pack_ahead: {
    en: {
      what: 'The offline pack is dated more than a day ahead of the clock here.',
      cure: 'Set the clock, then bring the pack again.',
    },
    'zh-CN': {
      what: '离线包的日期比本机时间晚一天以上。',
      cure: '请校准本机时间后重新导入。',
    },
  },
  pack_absent: {
    en: { what: 'There is no offline pack at that place.', cure: 'Name the right file.' },
    'zh-CN': { what: '该位置没有可读取的离线包。', cure: '请指定正确的文件。' },
  },
}
