import type { zh } from './zh.js'
import type { zhStaff } from './zh-staff.js'

/** Every text of the page; the compiler asks both languages for all of them. */
export type Messages = typeof zh

/** The part of it that staff read. */
export type StaffMessages = typeof zhStaff

/** Code of a refusal that has a sentence of its own. */
export type RefusedFile = keyof Messages['refused']
