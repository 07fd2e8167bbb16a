import { defineTexts } from './language.js'

/** What a child is called whom nobody named yet. */
export const childTexts = defineTexts({
  'zh-CN': { child: (number: number) => `孩子 ${number}` },
  en: { child: (number: number) => `Child ${number}` },
})
