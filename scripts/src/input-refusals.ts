import type { FailureFinding } from './describe-failure.js'
import { CommandFailure, type CommandFailureCode, exitCodes } from './failure.js'

type Said = readonly [zh: string, en: string]

/** Why a file that was handed in is not read, after its name, and what to do. */
const REFUSALS = {
  file_missing: [
    ['找不到该文件。', 'is missing.'],
    ['请检查路径。', 'Check the path.'],
  ],
  file_unreadable: [
    ['无法读取该文件。', 'cannot be read.'],
    ['请检查文件的所有者和权限。', 'Check owner and mode.'],
  ],
  not_a_file: [
    ['不是普通文件。', 'is not a regular file.'],
    [
      '请给出文件本身：不读取链接、文件夹、设备和命名管道。',
      'Give the file itself: links, folders, devices and named pipes are not read.',
    ],
  ],
  file_too_large: [
    ['文件过大。', 'is too large.'],
    ['请检查是否选错了文件。', 'Check that it is the right file.'],
  ],
  not_utf8: [
    ['不是 UTF-8 文本。', 'is not UTF-8 text.'],
    ['请将文件另存为 UTF-8。', 'Save it as UTF-8.'],
  ],
  not_json: [
    ['不是 JSON。', 'is not JSON.'],
    ['请检查文件；`--help` 中有示例。', 'Check the file; `--help` shows one.'],
  ],
  json_character: [
    [
      '含有半个字符、过大的数或不允许的字段名。',
      'holds half a character, a number too large, or a member name that is not allowed.',
    ],
    ['请用文本编辑器重新输入。', 'Type it again with a text editor.'],
  ],
  duplicate_json_key: [
    ['同一字段出现两次。', 'names a member twice.'],
    ['请只保留正确的一个。', 'Keep the right one of them.'],
  ],
  too_deep: [
    ['嵌套过深。', 'is nested too deep.'],
    ['请检查括号。', 'Check the brackets.'],
  ],
  input_empty: [
    ['文件为空。', 'is empty.'],
    ['请检查其来源。', 'Check where it comes from.'],
  ],
} as const satisfies Partial<Record<CommandFailureCode, readonly [Said, Said]>>

export type InputRefusal = {
  readonly code: keyof typeof REFUSALS
  /** What the file is, for messages: `The presentation`. */
  readonly what: string
  /** Member or place it is about: `document.number`, `3:14`. */
  readonly field?: string
  readonly cause?: unknown
}

/** The failure of a file that was handed in: field, reason and cure in both languages, no value. */
export function inputRefused({ code, what, field = '', cause }: InputRefusal): CommandFailure {
  const [reason, cure] = REFUSALS[code]
  const place = field === '' ? '' : ` (${field})`
  const finding: FailureFinding = {
    field,
    code,
    reason: { 'zh-CN': reason[0], en: `The file ${reason[1]}` },
    cure: both(cure),
  }
  return new CommandFailure(code, `${what} ${reason[1].replace(/\.$/u, '')}${place}.`, {
    exit: exitCodes.wrongUse,
    cure: cure[1],
    findings: [finding],
    cause,
  })
}

function both([zh, en]: Said): FailureFinding['reason'] {
  return { 'zh-CN': zh, en }
}
