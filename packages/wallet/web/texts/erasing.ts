import { defineTexts } from './language.js'

/** What is left of a wallet that was erased. */
export const erasingTexts = defineTexts({
  'zh-CN': {
    title: '凭证夹已清空',
    offline:
      '凭证和密钥都已删除，再也打不开。没有网络，浏览器文件里还留有删除前的加密数据；下次联网打开本页时会自动清除。',
    uncleared:
      '凭证和密钥都已删除，再也打不开。浏览器文件里可能还留有删除前的加密数据：请在浏览器设置里清除本网站的数据。',
    again: '现在再试',
    anew: '重新开始',
  },
  en: {
    title: 'The wallet was erased',
    offline:
      'Certificates and keys are deleted; nothing opens them any more. Without a network encrypted remains stay in the files of this browser: they go when you open this page with a network.',
    uncleared:
      'Certificates and keys are deleted; nothing opens them any more. Encrypted remains may still lie in the files of this browser: clear the data of this site in the settings of the browser.',
    again: 'Try now',
    anew: 'Begin anew',
  },
})
