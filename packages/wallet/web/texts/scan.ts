import { defineTexts } from './language.js'

/** Looking for a code. */
export const scanTexts = defineTexts({
  'zh-CN': {
    title: '扫码',
    foreign: '这不是凭证夹能用的二维码。',
    picture: '从图片读取',
    textLabel: '或粘贴文字、链接',
    go: '继续',
    camera: {
      starting: '正在打开相机…',
      refused: '没有相机权限：请在浏览器设置里允许，或从图片读取。',
      missing: '没有找到相机，可以从图片读取，或粘贴链接。',
      busy: '相机被别的程序占用，请关闭后重试。',
      unsupported: '此浏览器不能用相机，可以从图片读取，或粘贴链接。',
    },
  },
  en: {
    title: 'Scan',
    foreign: 'This is no code for a wallet.',
    picture: 'Read from a picture',
    textLabel: 'Or paste the text or link',
    go: 'Go on',
    camera: {
      starting: 'Opening the camera…',
      refused: 'The camera is not allowed: allow it in the browser, or read from a picture.',
      missing: 'There is no camera: read from a picture, or paste the link.',
      busy: 'Something else uses the camera: close it and try again.',
      unsupported: 'This browser gives no camera: read from a picture, or paste the link.',
    },
  },
})
